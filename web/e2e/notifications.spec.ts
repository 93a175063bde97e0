import type { Page } from "@playwright/test";
import { expect, test, type Person } from "./fixtures";

const bell = (page: Page, name: string | RegExp = "Notifications") => page.getByRole("navigation").getByRole("button", { name });
const sheet = (page: Page) => page.getByRole("dialog", { name: "Notifications" });
const rows = (page: Page) => sheet(page).getByRole("list", { name: "Notifications" }).getByRole("link");

/** News of two documents: one that is ready and one that could not be read. */
async function news(person: Person): Promise<string> {
  const { document } = await person.upload("empty.txt", "  \n ", "text/plain");
  await expect(async () => expect((await person.get(`/documents/${document.id}`)).status).toBe("failed")).toPass();
  return person.document("tides.txt", "The moon pulls the sea towards it.", "text/plain");
}

test("the bell counts what is new, lists it, and each leads to what it is about", async ({ inside, person }) => {
  const ready = await news(person);
  await inside.goto("/today");
  await bell(inside, "Notifications, 2 unread").click();
  await expect(rows(inside)).toHaveCount(2);
  await expect(rows(inside).first()).toContainText("Unread: “tides” can be read and asked about");
  await expect(rows(inside).last()).toContainText("“empty” could not be read");
  await expect(rows(inside).last()).toContainText("There is no text in the file.");
  await rows(inside).first().click();
  await expect(inside).toHaveURL(new RegExp(`/documents\\?doc=${ready}`));
  await expect(sheet(inside)).toHaveCount(0);
  await bell(inside, "Notifications, 1 unread").click();
  await sheet(inside).getByRole("button", { name: "Mark all as read" }).click();
  await expect(sheet(inside).getByRole("button", { name: "Mark all as read" })).toHaveCount(0);
  await inside.keyboard.press("Escape");
  await expect(bell(inside)).toBeFocused();
  await inside.reload();
  await expect(bell(inside)).toBeVisible();
  expect((await person.get("/notifications")).unread).toBe(0);
});

test("a card that rests, tasks and reviews of today, and the week are told in words, with their ways", async ({ inside }) => {
  const at = new Date().toISOString();
  const told = (kind: string, data: object) => ({ id: crypto.randomUUID(), kind, subject_id: crypto.randomUUID(), data, created_at: at, read_at: at });
  const items = [
    told("task_due", { count: 1, overdue: 2, tasks: [{ id: "t1", title: "Essay" }] }),
    told("reviews_due", { count: 12, minutes: 4 }),
    told("weekly_digest", { minutes: 90, reviews: 1, tasks_done: 3 }),
    told("leech", { front: "What is a tide?", deck_id: "d1", card_id: "c1" }),
    told("plan_at_risk", {}),
  ];
  await inside.route("**/api/v1/notifications?*", (route) => route.fulfill({ json: { items, next_cursor: null, unread: 0 } }));
  await inside.goto("/tasks");
  await bell(inside).click();
  const said = [
    ["1 task is due today", "/tasks?task=t1"],
    ["12 cards to review, about 4 minutes", "/flashcards?mode=review"],
    ["Your week: 90 minutes of study, 1 review, 3 tasks done", "/analytics"],
    ["A card keeps slipping away and rests now: “What is a tide?”", "/flashcards?deck=d1&card=c1"],
    ["Something new", "/today"],
  ] as const;
  for (const [text, href] of said) await expect(rows(inside).filter({ hasText: text })).toHaveAttribute("href", href);
  await expect(rows(inside).first()).toContainText("Essay · 2 are overdue");
});

test("what comes while the tutor's line is open is counted at once", async ({ inside, person }) => {
  await inside.goto("/ai-tutor");
  await inside.getByRole("textbox").first().fill("What pulls the sea?");
  await inside.keyboard.press("Enter");
  // The address comes with the server's first word over the line.
  await expect(inside).toHaveURL(/thread=/);
  await person.document("tides.txt", "The moon pulls the sea towards it.", "text/plain");
  // Sooner than the minute after which it would be asked for.
  await expect(bell(inside, "Notifications, 1 unread")).toBeVisible();
});

test("nothing to tell is said, and a list that can't be had comes with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.goto("/tasks");
  await bell(inside).click();
  await expect(sheet(inside).getByRole("heading", { name: "Nothing to tell" })).toBeVisible();
  await inside.keyboard.press("Escape");
  const fail = (route: import("@playwright/test").Route) => route.fulfill({ status: 500, json: {} });
  await inside.route("**/api/v1/notifications?*", fail);
  await inside.reload();
  await bell(inside).click();
  await expect(sheet(inside).getByRole("alert")).toBeVisible();
  await inside.unroute("**/api/v1/notifications?*", fail);
  await sheet(inside).getByRole("button", { name: "Try again" }).click();
  await expect(sheet(inside).getByRole("heading", { name: "Nothing to tell" })).toBeVisible();
});

test("what is told, where and when is chosen in the settings, and kept", async ({ inside, person }) => {
  await inside.goto("/settings");
  await inside.getByRole("checkbox", { name: "A document that was read: Here" }).uncheck();
  await inside.getByRole("checkbox", { name: "Cards that wait for a review: Email" }).check();
  await inside.getByLabel("Reminders come at").selectOption("06:00");
  await inside.getByLabel("The week comes on").selectOption("Sunday");
  await inside.getByLabel("Language of emails").selectOption("Deutsch");
  await inside.getByLabel("Quiet until").selectOption("22:00");
  await expect(inside.getByText("Choose another hour than the one they begin at.")).toBeVisible();
  await inside.getByLabel("Quiet until").selectOption("06:00");
  await inside.getByRole("button", { name: "Apply" }).click();
  await expect(inside.getByText("Saved.", { exact: true })).toBeVisible();
  const kept = await person.get("/notifications/preferences");
  expect(kept).toMatchObject({ reminder_hour: 6, digest_weekday: 6, language: "de", quiet_hours: { start: 22, end: 6 } });
  expect(kept.switches).toMatchObject({ document_ready: { in_app: false }, reviews_due: { email: true } });
  await person.document("tides.txt", "The moon pulls the sea towards it.", "text/plain");
  expect((await person.get("/notifications")).items).toEqual([]);
  await inside.reload();
  await inside.getByRole("checkbox", { name: /^Quiet hours/ }).uncheck();
  await expect(inside.getByLabel("Quiet until")).toHaveCount(0);
  await inside.getByRole("button", { name: "Apply" }).click();
  await expect(inside.getByText("Saved.", { exact: true })).toBeVisible();
  expect((await person.get("/notifications/preferences")).quiet_hours).toBeNull();
});

for (const theme of ["light", "dark"] as const) {
  test(`notifications and their settings are accessible in ${theme} and fit a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.setViewportSize({ width: 360, height: 740 });
    await news(person);
    await inside.goto("/settings");
    await expect(inside.getByRole("heading", { level: 2, name: "Notifications" })).toBeVisible();
    await expect(inside.locator(".animate-pulse")).toHaveCount(0);
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await inside.getByRole("button", { name: "More, 2 unread notifications" }).press("Enter");
    await inside.getByRole("menuitem", { name: "Notifications, 2 unread" }).press("Enter");
    await expect(rows(inside)).toHaveCount(2);
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/notifications-${theme}.png` });
  });
}
