import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { DOCUMENTS, expect, test } from "./fixtures";

const NOTES = readFileSync(path.join(DOCUMENTS, "sourdough.md"));
const QUESTION = "How often should I feed the starter?";
const answer = (page: Page) => page.getByRole("article").last();
const chips = (page: Page) => answer(page).getByRole("link", { name: /^Source \d/ });

async function ask(page: Page, question = QUESTION): Promise<void> {
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Copy" }).last()).toBeVisible();
}

test("an answer cites the document, and its chip leads to the page and shows the quotation", async ({ inside, person }) => {
  const id = await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside);
  await expect(answer(inside)).toContainText("once a day");
  const chip = chips(inside).first();
  await expect(chip).toHaveAttribute("href", new RegExp(`^/documents\\?doc=${id}&page=\\d+&chunk=[0-9a-f-]{36}$`));
  await chip.focus();
  await expect(inside.getByRole("tooltip")).toContainText("Feed the starter once a day");
  await expect(answer(inside)).toContainText("supported by your documents");
  await expect(answer(inside)).toContainText("without a language model");
});

test("what the documents do not answer is said plainly, without sources", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "Who won the chess olympiad of 1972?");
  await expect(answer(inside)).toContainText("Nothing of this is backed by your documents.");
  await expect(answer(inside).getByRole("link")).toHaveCount(0);
});

test("Shift+Enter begins a line, and a draft survives a reload", async ({ inside }) => {
  await inside.goto("/ai-tutor");
  const field = inside.getByLabel("Your question");
  await field.fill("First line");
  await field.press("Shift+Enter");
  await field.pressSequentially("second line");
  await inside.reload();
  await expect(field).toHaveValue("First line\nsecond line");
});

test("a conversation has a title, an address, and can be found, renamed, deleted and brought back", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside);
  await expect(inside).toHaveURL(/thread=[0-9a-f-]{36}/);
  await inside.reload();
  await expect(answer(inside)).toContainText("once a day");
  const list = inside.getByRole("complementary", { name: "Conversations" });
  await list.getByRole("button", { name: /^More about/ }).click();
  await inside.getByRole("menuitem", { name: "Rename" }).click();
  await inside.getByRole("dialog").getByLabel("Title").fill("Bread");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(list.getByRole("button", { name: "Bread", exact: true })).toBeVisible();
  await list.getByLabel("Search conversations").fill("zebra");
  await expect(list.getByText("No conversation fits")).toBeVisible();
  await list.getByLabel("Search conversations").fill("bre");
  await list.getByRole("button", { name: "More about “Bread”" }).click();
  await inside.getByRole("menuitem", { name: "Delete" }).click();
  await expect(list.getByRole("button", { name: "Bread", exact: true })).toHaveCount(0);
  await inside.getByRole("button", { name: "Undo" }).click();
  await expect(list.getByRole("button", { name: "Bread", exact: true })).toBeVisible();
  expect((await person.get("/threads")).items).toHaveLength(1);
  await list.getByRole("button", { name: "More about “Bread”" }).click();
  await inside.getByRole("menuitem", { name: "Delete" }).click();
  await expect(async () => expect((await person.get("/threads")).items).toHaveLength(0)).toPass({ timeout: 15_000 });
});

test("answers come from the chosen documents alone", async ({ inside, person }) => {
  const bread = await person.document("sourdough.md", NOTES);
  await person.document("tides.md", "# Tides\n\nThe moon pulls the water of the sea twice a day around the earth.");
  await inside.goto("/ai-tutor");
  await inside.getByRole("button", { name: "All documents" }).click();
  await inside.getByRole("checkbox").last().check();
  await inside.keyboard.press("Escape");
  await expect(inside.getByRole("button", { name: /^Remove / })).toHaveCount(1);
  await ask(inside, "What pulls the water of the sea, the moon?");
  const [thread] = (await person.get("/threads")).items;
  expect(thread.document_ids).toHaveLength(1);
  await inside.reload();
  await expect(inside.getByRole("button", { name: /^Remove / })).toHaveCount(1);
  expect(bread).toBeTruthy();
});

test("a whole subject is chosen and given up at once", async ({ inside, person }) => {
  for (const [name, subject] of [["tides", "Physics"], ["waves", "Physics"], ["cells", "Biology"]] as const) {
    const id = await person.document(`${name}.md`, `# ${name}\n\nThe moon pulls the water of the ${name} twice a day.`);
    await person.patch(`/documents/${id}`, { subject });
  }
  await inside.goto("/ai-tutor");
  await inside.getByRole("button", { name: "All documents" }).click();
  await inside.getByRole("button", { name: "Physics (2)" }).click();
  await expect(inside.getByRole("checkbox", { checked: true })).toHaveCount(2);
  await inside.keyboard.press("Escape");
  await expect(inside.getByRole("button", { name: "Remove Physics" })).toBeVisible();
  await ask(inside, "What pulls the water of the waves, the moon?");
  const [thread] = (await person.get("/threads")).items;
  expect(thread.document_ids).toHaveLength(2);
  await inside.getByRole("button", { name: "Remove Physics" }).click();
  await expect(inside.getByRole("button", { name: "All documents" })).toBeVisible();
});

test("an answer suggests what to ask next, and one press asks it", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside);
  const next = inside.getByRole("list", { name: "Questions to go on with" }).getByRole("button");
  await expect(next.first()).toBeVisible();
  const question = (await next.first().textContent())!;
  await next.first().click();
  await expect(inside.getByRole("article")).toHaveCount(2);
  await expect(next.filter({ hasText: question })).toHaveCount(0);
  await expect(inside.getByRole("region", { name: "Conversation" })).toContainText(question);
});

test("an answer can be rated, with what was wrong with it, copied and asked again", async ({ inside, person, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside);
  await inside.getByRole("button", { name: "This helped" }).click();
  const [thread] = (await person.get("/threads")).items;
  await expect(async () => {
    const { items } = await person.get(`/threads/${thread.id}/messages`);
    expect(items[1].feedback_rating).toBe(5);
  }).toPass();
  await inside.getByRole("button", { name: "This did not help" }).click();
  await expect(inside.getByLabel(/What was wrong/)).toBeFocused();
  await inside.keyboard.type("It forgot the fridge");
  await inside.keyboard.press("Enter");
  await expect(inside.getByText("Kept with the answer.").first()).toBeVisible();
  await expect(inside.getByLabel(/What was wrong/)).toHaveCount(0);
  const { items } = await person.get(`/threads/${thread.id}/messages`);
  expect(items[1]).toMatchObject({ feedback_rating: 1, feedback_reason: "It forgot the fridge" });
  await inside.getByRole("button", { name: "Copy" }).click();
  expect(await inside.evaluate(() => navigator.clipboard.readText())).toContain("once a day");
  await inside.getByRole("button", { name: "Ask again" }).click();
  await expect(inside.getByRole("article")).toHaveCount(2);
  await expect(chips(inside).first()).toBeVisible();
});

test("cards of an answer are looked at and edited before they are kept", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside);
  await inside.getByRole("button", { name: "Make flashcards" }).click();
  const sheet = inside.getByRole("dialog");
  await expect(sheet.getByLabel("Front")).toHaveValue(QUESTION);
  await expect(sheet.getByLabel("Back")).toHaveValue(/once a day/);
  await expect(sheet.getByLabel("Back")).not.toHaveValue(/\[1\]/);
  expect((await person.get("/decks")).items).toHaveLength(0);
  await sheet.getByLabel("Back").fill("Once a day");
  await sheet.getByLabel("Name of the deck").fill("Bread");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);
  const [deck] = (await person.get("/decks")).items;
  const { items } = await person.get(`/decks/${deck.id}/cards`);
  expect(items.map((card: { front: string; back: string }) => [card.front, card.back])).toEqual([[QUESTION, "Once a day"]]);
});

test("hostile text out of a document is shown as text and does nothing", async ({ inside, person }) => {
  let dialogs = 0;
  inside.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  const evil =
    'The zebra crossing is <img src=x onerror=alert(1)> <script>alert(2)</script> [painted](javascript:alert(3)) ![white](https://tracker.example/pixel.png) in [stripes](https://stripes.example/).';
  await person.document("zebra.txt", `${evil}\n\nNothing else stands here about crossings.`, "text/plain");
  await inside.goto("/ai-tutor");
  await ask(inside, "What is the zebra crossing?");
  await expect(answer(inside)).toContainText("zebra crossing is");
  await expect(answer(inside).locator("img, script, iframe")).toHaveCount(0);
  await expect(answer(inside).locator('[href^="javascript"]')).toHaveCount(0);
  for (const link of await answer(inside).locator('a[href^="http"]').all()) {
    await expect(link).toHaveAttribute("rel", /noopener/);
  }
  expect(dialogs).toBe(0);
});

for (const theme of ["light", "dark"] as const) {
  test(`the tutor is accessible in ${theme} and fits a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme });
    await person.document("sourdough.md", NOTES);
    await inside.goto("/ai-tutor");
    await expect(inside.getByText("Ask your documents")).toBeVisible();
    await accessible(inside);
    await ask(inside);
    await expect(chips(inside).first()).toBeVisible();
    await accessible(inside);
    await inside.screenshot({ path: `test-results/tutor-${theme}.png` });
    await inside.getByRole("button", { name: "This did not help" }).click();
    await expect(inside.getByLabel(/What was wrong/)).toBeVisible();
    await accessible(inside);
    await inside.getByRole("button", { name: "Make flashcards" }).click();
    await expect(inside.getByRole("dialog").getByLabel("Front")).toBeVisible();
    await accessible(inside);
    await inside.keyboard.press("Escape");
    await inside.setViewportSize({ width: 360, height: 640 });
    await expect(chips(inside).first()).toBeVisible();
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await inside.screenshot({ path: `test-results/tutor-${theme}-360.png` });
    await accessible(inside);
  });
}
