import type { Page, Route } from "@playwright/test";
import { deckOf, face, isReview } from "./decks";
import { expect, test, type Person } from "./fixtures";

test.beforeEach(({ expected }) => void expected.push(/ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/));

/** The names under which something is kept on this device. */
const keptNames = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const opening = indexedDB.open("study-teddy");
        opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
        opening.onsuccess = () => {
          const asking = opening.result.transaction("kept").objectStore("kept").getAllKeys();
          asking.onsuccess = () => resolve(asking.result.map(String));
        };
      }),
  );

/** Until the shell and the things of the day are on this device. */
async function ready(page: Page): Promise<void> {
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state), { timeout: 30_000 })
    .toBe("activated");
  await expect.poll(async () => (await keptNames(page)).join(), { timeout: 30_000 }).toContain("review-queue");
}

async function gradeGood(page: Page, question: string): Promise<void> {
  await expect(face(page)).toContainText(question);
  await page.keyboard.press(" ");
  await page.keyboard.press("3");
}

const banner = (page: Page) => page.getByRole("status", { name: "Connection" });
const repetitions = async (person: Person, id: string) => (await person.get(`/cards/${id}`)).repetitions;

test("without a network the day opens, and each grade is sent once when it is back", async ({ inside, person, context }) => {
  const { cards } = await deckOf(person, 3);
  const due_at = new Date(Date.now() + 60_000).toISOString();
  await person.post("/tasks", { title: "Sort the shells", due_at });
  await inside.goto("/settings");
  await ready(inside);
  await context.setOffline(true);
  await inside.goto("/tasks");
  await expect(inside.getByRole("list", { name: "Tasks" })).toContainText("Sort the shells");
  await inside.getByRole("button", { name: "Sort the shells", exact: true }).click();
  await expect(inside.getByRole("dialog").getByLabel("Title")).toHaveValue("Sort the shells");
  await inside.goto("/today");
  await expect(inside.getByText("Sort the shells")).toBeVisible();
  await expect(banner(inside)).toContainText("You are offline.");
  const sent: string[] = [];
  inside.on("request", (request) => isReview(request) && sent.push(request.headers()["idempotency-key"]!));
  await inside.getByRole("link", { name: "Review 3 cards" }).click();
  await gradeGood(inside, "Question 1");
  await gradeGood(inside, "Question 2");
  await expect(banner(inside)).toContainText("2 grades are kept here");
  await inside.goto("/flashcards?mode=review");
  await expect(face(inside)).toContainText("Question 3");
  const tried = sent.length;
  await context.setOffline(false);
  await expect(inside.getByText("2 grades from before are saved.", { exact: true })).toBeVisible();
  await expect(banner(inside)).not.toContainText("offline");
  expect(sent.slice(tried)).toHaveLength(2);
  expect(new Set(sent)).toEqual(new Set(sent.slice(tried)));
  expect(await Promise.all(cards.map(({ id }) => repetitions(person, id)))).toEqual([1, 1, 0]);
  await gradeGood(inside, "Question 3");
  await expect.poll(() => repetitions(person, cards[2]!.id)).toBe(1);
});

test("a day of which nothing is kept says what can't be had", async ({ inside, context }) => {
  await inside.goto("/settings");
  await ready(inside);
  await context.setOffline(true);
  await inside.getByRole("link", { name: "Today", exact: true }).first().click();
  await expect(banner(inside)).toContainText("You are offline.");
  await expect(inside.getByRole("button", { name: "Try again" }).first()).toBeVisible();
});

test("no page asks a server that is away over and over", async ({ inside, context }) => {
  await inside.goto("/settings");
  await ready(inside);
  await context.setOffline(true);
  const asked: string[] = [];
  inside.on("requestfailed", (request) => asked.push(request.url()));
  for (const place of ["Today", "Tasks", "Documents", "Tutor", "Flashcards", "Focus", "Progress", "Settings"]) {
    await inside.getByRole("link", { name: place, exact: true }).first().click();
    await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
    asked.length = 0;
    await inside.waitForTimeout(2_000);
    expect(asked.length, `${place}: ${asked.slice(-5).join(" ")}`).toBeLessThan(25);
  }
});

test("a grade whose answer got lost is not counted twice, and a closed tab loses none", async ({ inside, person, context }) => {
  const { cards } = await deckOf(person, 2);
  await inside.goto("/flashcards?mode=review");
  await ready(inside);
  const lose = async (route: Route) => {
    await route.fetch();
    await context.setOffline(true);
    await route.abort();
  };
  await inside.route("**/reviews", lose, { times: 1 });
  await gradeGood(inside, "Question 1");
  await expect(banner(inside)).toContainText("1 grade is kept here");
  await gradeGood(inside, "Question 2");
  await expect(banner(inside)).toContainText("2 grades are kept here");
  await inside.close();
  await context.setOffline(false);
  const anew = await context.newPage();
  await anew.addInitScript(() => localStorage.setItem("session", "1"));
  const keys: string[] = [];
  anew.on("request", (request) => isReview(request) && keys.push(request.url()));
  await anew.goto("/today");
  await expect(anew.getByText("2 grades from before are saved.", { exact: true })).toBeVisible();
  expect(keys).toHaveLength(2);
  expect(await Promise.all(cards.map(({ id }) => repetitions(person, id)))).toEqual([1, 1]);
});

test("a grade for a card that changed meanwhile is told, and the student decides", async ({ inside, person, context, accessible, expected }) => {
  expected.push(/409/);
  const { cards } = await deckOf(person, 2);
  await inside.goto("/flashcards?mode=review");
  await ready(inside);
  await context.setOffline(true);
  await gradeGood(inside, "Question 1");
  await gradeGood(inside, "Question 2");
  await expect(banner(inside)).toContainText("2 grades are kept here");
  for (const { id } of cards) await person.post(`/cards/${id}/reviews`, { rating: "again" });
  const reviews = async () => (await person.get("/analytics/summary")).reviews;
  const before = await reviews();
  await context.setOffline(false);
  await banner(inside).getByRole("button", { name: "Look" }).click();
  const rows = inside.getByRole("list", { name: "Grades that were not taken" }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("Question 1");
  await accessible(inside);
  await rows.first().getByRole("button", { name: "Count it all the same" }).click();
  await expect(rows).toHaveCount(1);
  await expect.poll(reviews).toBe(before + 1);
  await rows.first().getByRole("button", { name: "Drop it" }).click();
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  expect(await reviews()).toBe(before + 1);
});

test("undoing a grade that was not sent yet leaves nothing behind", async ({ inside, person, context }) => {
  const { cards } = await deckOf(person, 1);
  await inside.goto("/flashcards?mode=review");
  await ready(inside);
  await context.setOffline(true);
  await gradeGood(inside, "Question 1");
  await expect(banner(inside)).toContainText("1 grade is kept here");
  await inside.keyboard.press("Control+z");
  await expect(face(inside)).toContainText("Question 1");
  await expect(banner(inside)).not.toContainText("kept here and sent");
  await context.setOffline(false);
  await expect(banner(inside)).not.toContainText("offline");
  expect(await repetitions(person, cards[0]!.id)).toBe(0);
});

test("what is kept goes with the log-out", async ({ inside, person, context }) => {
  await person.post("/tasks", { title: "A secret errand" });
  await inside.goto("/settings");
  await ready(inside);
  await inside.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(inside).toHaveURL(/\/login/);
  await expect.poll(() => keptNames(inside)).toEqual([]);
  await context.setOffline(true);
  await inside.goto("/tasks");
  await expect(inside.getByText(/^Study Teddy can't be reached/)).toBeVisible();
  await expect(inside.getByText("A secret errand")).toHaveCount(0);
});

test("it can be installed, with shortcuts to the review and to a new task", async ({ inside, request }) => {
  await inside.goto("/today");
  await ready(inside);
  const devtools = await inside.context().newCDPSession(inside);
  const { errors } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  // The browser of a test forgets all, as a private window does; nothing else may stand in the way.
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== "in-incognito")).toEqual([]);
  const manifest = await (await request.get("/manifest.webmanifest")).json();
  for (const { src, type } of manifest.icons) {
    const icon = await request.get(src);
    expect([icon.status(), icon.headers()["content-type"]]).toEqual([200, expect.stringContaining(type)]);
  }
  const [review, task] = manifest.shortcuts;
  await inside.goto(review.url);
  await expect(inside.getByText("Nothing to review")).toBeVisible();
  await inside.goto(task.url);
  await expect(inside.getByLabel("New task")).toBeFocused();
});

for (const theme of ["light", "dark"] as const) {
  test(`the offline banner is accessible in ${theme} and fits a small phone`, async ({ inside, context, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.setViewportSize({ width: 360, height: 640 });
    await inside.goto("/tasks");
    await ready(inside);
    await context.setOffline(true);
    await expect(banner(inside)).toContainText("You are offline.");
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}
