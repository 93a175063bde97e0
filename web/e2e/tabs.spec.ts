import type { BrowserContext, Page } from "@playwright/test";
import { expect, type Person } from "./fixtures";
import { Site } from "./site";
import { answer, ask, NOTES, plain, test as base } from "./streaming";
import { WORDS } from "./slow-model";

const test = base.extend<{ site: Site }>({
  site: async ({ slow }, use) => {
    const site = new Site(new URL(slow.url));
    await use(site);
    site.close();
  },
  baseURL: async ({ site }, use) => use(await site.open()),
});

test.describe.configure({ mode: "serial" });

async function anotherTab(context: BrowserContext): Promise<Page> {
  const tab = await context.newPage();
  await tab.addInitScript(() => localStorage.setItem("session", "1"));
  await tab.goto("/ai-tutor");
  return tab;
}

/** Two tabs that each wait for an answer of which the first words are there. */
async function twoAsking(inside: Page, person: Person): Promise<Page> {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("word3");
  const other = await anotherTab(inside.context());
  await ask(other, "How is a starter fed?");
  await expect(answer(other)).toContainText("word3");
  return other;
}

test("two tabs have one socket between them, and each hears the answer that it asked for", async ({ inside, person, site }) => {
  const other = await twoAsking(inside, person);
  await expect(answer(inside)).toContainText(WORDS, { timeout: 30_000 });
  await expect(answer(other)).toContainText(WORDS, { timeout: 30_000 });
  for (const tab of [inside, other]) await expect(tab.getByRole("article")).toHaveCount(1);
  expect(site.sockets).toBe(1);
});

test("a shared socket that breaks in mid-answer loses and doubles no word in either tab", async ({ inside, person, site }) => {
  const other = await twoAsking(inside, person);
  expect(site.cut()).toBe(1);
  for (const tab of [inside, other]) {
    await expect(answer(tab)).toContainText(WORDS, { timeout: 30_000 });
    expect(plain(await answer(tab).textContent()).match(/word\d+/g)).toHaveLength(120);
  }
  expect(site.sockets).toBe(2);
});

test("the tab that opened the socket can be closed while the other is answered", async ({ inside, person, site }) => {
  const other = await twoAsking(inside, person);
  await inside.close();
  await expect(answer(other)).toContainText(WORDS, { timeout: 30_000 });
  expect(site.sockets).toBe(1);
});

test("one answer that two tabs look at comes to both as it is said", async ({ inside, person, context, site }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("word3");
  const other = await anotherTab(context);
  await other.goto(inside.url());
  await expect(answer(other)).toContainText("word10");
  expect(plain(await answer(other).textContent())).not.toContain("end.");
  for (const tab of [inside, other]) {
    await expect(answer(tab)).toContainText(WORDS, { timeout: 30_000 });
    expect(plain(await answer(tab).textContent()).match(/word\d+/g)).toHaveLength(120);
  }
  expect(site.sockets).toBe(1);
});
