import { deckOf, face } from "./decks";
import { expect, test as base } from "./fixtures";
import { Site } from "./site";

const port = Number(process.env.E2E_PORT ?? 8123);

const test = base.extend<{ site: Site }>({
  site: async ({}, use) => {
    const site = new Site(new URL(`http://127.0.0.1:${port}`));
    await use(site);
    site.close();
  },
  baseURL: async ({ site }, use) => {
    await use(await site.open());
  },
});

const shells = () => caches.keys().then((names) => names.filter((name) => name.startsWith("shell-")));

test("a new version is offered, waits for the end of the review, and comes by one press", async ({ inside, person, site, context }) => {
  const { id, cards } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await expect.poll(() => inside.evaluate(shells), { timeout: 30_000 }).toHaveLength(1);
  await expect.poll(() => inside.evaluate(() => Boolean(navigator.serviceWorker.controller)), { timeout: 30_000 }).toBe(true);
  await inside.evaluate(() => Object.assign(window, { sameDocument: true }));

  site.deploy("the-next-one");
  await inside.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  const offer = inside.getByRole("status", { name: "Connection" }).filter({ hasText: "There is a new version of Study Teddy." });
  await expect(offer).toBeVisible({ timeout: 30_000 });
  const other = await context.newPage();
  await other.addInitScript(() => localStorage.setItem("session", "1"));
  await other.goto("/tasks");
  await expect(other.getByText("Nothing to do yet")).toBeVisible();

  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(face(inside)).toContainText("Question 2");
  expect(await inside.evaluate(() => "sameDocument" in window)).toBe(true);
  await Promise.all([inside.waitForEvent("load"), offer.getByRole("button", { name: "Reload" }).click()]);
  expect(await inside.evaluate(() => "sameDocument" in window)).toBe(false);
  await expect(face(inside)).toContainText("Question 2");
  await expect(offer).toHaveCount(0);
  expect(await inside.evaluate(shells)).toContain("shell-the-next-one");
  expect((await person.get(`/cards/${cards[0]!.id}`)).repetitions).toBe(1);

  // The other tab was asked, not reloaded, and still finds the files that it was made of.
  await expect(other.getByText("There is a new version of Study Teddy.")).toBeVisible();
  expect(await other.evaluate(shells)).toHaveLength(2);
});
