import { readFile } from "node:fs/promises";
import path from "node:path";
import { deckOf, face, rows, type Card } from "./decks";
import { DOCUMENTS, expect, test } from "./fixtures";

test("the first deck is made, explained, renamed and deleted", async ({ inside, person }) => {
  await inside.goto("/flashcards");
  await inside.getByRole("button", { name: "New deck" }).click();
  const dialog = inside.getByRole("dialog");
  await dialog.getByRole("button", { name: "New deck" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("Name").fill("Cells");
  await dialog.getByRole("button", { name: "New deck" }).click();
  await expect(inside.getByRole("link", { name: "Cells", exact: true })).toBeVisible();
  await inside.getByRole("button", { name: "More for “Cells”" }).click();
  await inside.getByRole("menuitem", { name: "Settings" }).click();
  await expect(dialog.getByText("Due cards beyond this wait until tomorrow.")).toBeVisible();
  await dialog.getByLabel("Name").fill("Biology");
  await dialog.getByLabel("New cards a day").fill("7");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByRole("link", { name: "Biology", exact: true })).toBeVisible();
  expect((await person.get("/decks")).items[0].new_per_day).toBe(7);
  await inside.getByRole("button", { name: "More for “Biology”" }).click();
  await inside.getByRole("menuitem", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(inside.getByText("No decks yet")).toBeVisible();
});

test("the form stays for the next card, tells of a front that is there, and keeps what was typed", async ({ inside, person, expected }) => {
  expected.push(/500/);
  const deck = await deckOf(person, 1);
  await inside.goto(`/flashcards?deck=${deck.id}`);
  await inside.getByRole("button", { name: "Add card" }).click();
  const dialog = inside.getByRole("dialog");
  await dialog.getByLabel("Front").fill("question 1");
  await expect(dialog.getByText("There is a card with this front")).toBeVisible();
  await dialog.getByLabel("Front").fill("What makes ATP?");
  await dialog.getByLabel("Back").fill("Mitochondria");
  await inside.route("**/cards", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 500, json: {} }) : route.continue()));
  await dialog.getByRole("button", { name: "Add card" }).click();
  await expect(dialog.getByText(/^Something went wrong/)).toBeVisible();
  await inside.unroute("**/cards");
  await inside.reload();
  await inside.getByRole("button", { name: "Add card" }).click();
  await expect(dialog.getByLabel("Back")).toHaveValue("Mitochondria");
  await dialog.getByRole("button", { name: "Add card" }).click();
  await expect(dialog.getByText("1 card added.")).toBeVisible();
  await expect(dialog.getByLabel("Front")).toBeFocused();
  await expect(dialog.getByLabel("Front")).toHaveValue("");
  await inside.keyboard.press("Escape");
  await expect(rows(inside)).toHaveCount(2);
});

test("a card opens by its address, is changed, and Back closes it", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}`);
  await inside.getByRole("button", { name: "Question 1", exact: true }).click();
  await expect(inside).toHaveURL(new RegExp(`card=${cards[0]!.id}`));
  await inside.goBack();
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await inside.goto(`/flashcards?deck=${id}&card=${cards[1]!.id}`);
  await inside.getByLabel("Front").fill("What is osmosis?");
  await inside.reload();
  await expect(inside.getByLabel("Front")).toHaveValue("What is osmosis?");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(rows(inside).filter({ hasText: "What is osmosis?" })).toBeVisible();
});

test("chosen cards are suspended, brought back by Undo, moved and deleted together", async ({ inside, person }) => {
  const { id } = await deckOf(person, 5);
  await person.post("/decks", { name: "Elsewhere" });
  await inside.goto(`/flashcards?deck=${id}`);
  const choose = (n: number) => inside.getByRole("checkbox", { name: `Choose “Question ${n}”` }).check();
  await choose(1);
  await choose(2);
  await inside.getByRole("button", { name: "Suspend" }).click();
  await expect(rows(inside).filter({ hasText: "Suspended" })).toHaveCount(2);
  await inside.getByRole("button", { name: "Undo" }).click();
  await expect(rows(inside).filter({ hasText: "Suspended" })).toHaveCount(0);
  await choose(3);
  await inside.getByRole("button", { name: "Move to" }).click();
  await inside.getByRole("menuitem", { name: "Elsewhere" }).click();
  await expect(rows(inside)).toHaveCount(4);
  await choose(4);
  await choose(5);
  await inside.getByRole("group", { name: "With the chosen cards" }).getByRole("button", { name: "Delete" }).click();
  await inside.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(rows(inside)).toHaveCount(2);
  expect((await person.get(`/decks/${id}/cards`)).items).toHaveLength(2);
});

test("a card is flagged and buried on its sheet, found by either, and dug up again", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 3);
  await inside.goto(`/flashcards?deck=${id}&card=${cards[0]!.id}`);
  const sheet = inside.getByRole("dialog");
  await sheet.getByLabel("Flag").selectOption("Blue");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(rows(inside).filter({ hasText: "Flag: Blue" })).toHaveCount(1);
  await inside.getByRole("button", { name: "Question 2", exact: true }).click();
  await sheet.getByRole("button", { name: "Bury until tomorrow" }).click();
  await expect(rows(inside).filter({ hasText: "Buried" })).toHaveText(/Question 2/);

  await inside.getByRole("main").getByLabel("Flag", { exact: true }).selectOption("Blue");
  await expect(rows(inside)).toHaveText([/Question 1/]);
  await inside.getByRole("main").getByLabel("Flag", { exact: true }).selectOption("All flags");
  await inside.getByLabel("State").selectOption("Buried");
  await expect(rows(inside)).toHaveText([/Question 2/]);
  await inside.getByRole("button", { name: "Question 2", exact: true }).click();
  await sheet.getByRole("button", { name: "Dig up" }).click();
  await expect(rows(inside)).toHaveCount(0);
  expect((await person.get(`/reviews/queue?deck_id=${id}`)).items).toHaveLength(3);
});

test("cards are found by words, tag and state, and walked by keys", async ({ inside, person }) => {
  const { id } = await deckOf(person, 3);
  await person.post(`/decks/${id}/cards`, { front: "What is osmosis?", back: "Water moves", tags: ["water"] });
  await inside.goto(`/flashcards?deck=${id}`);
  await expect(rows(inside)).toHaveCount(4);
  await inside.getByLabel("Search cards").fill("OSMO");
  await expect(rows(inside)).toHaveCount(1);
  await inside.getByLabel("Search cards").fill("");
  await inside.getByLabel("Tag").fill("water");
  await expect(rows(inside)).toHaveCount(1);
  await inside.getByLabel("Tag").fill("");
  await inside.getByLabel("State").selectOption("suspended");
  await expect(inside.getByText("No card fits")).toBeVisible();
  await inside.getByLabel("State").selectOption("new");
  await expect(rows(inside)).toHaveCount(4);
  await inside.getByLabel("Tag").blur();
  await inside.keyboard.press("j");
  await inside.keyboard.press("x");
  await expect(inside.getByText("1 chosen")).toBeVisible();
  await inside.keyboard.press("Enter");
  await expect(inside.getByRole("dialog")).toBeVisible();
});

test("cards are sorted by age, day and difficulty", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 3);
  await person.post(`/cards/${cards[1]!.id}/reviews`, { rating: "again" });
  await inside.goto(`/flashcards?deck=${id}`);
  await expect(rows(inside).first()).toContainText("Question 1");
  await inside.getByLabel("Order").selectOption({ label: "Newest first" });
  await expect(rows(inside).first()).toContainText("Question 3");
  await inside.getByLabel("Order").selectOption({ label: "Hardest first" });
  await expect(rows(inside).first()).toContainText("Question 2");
  await inside.getByLabel("Order").selectOption({ label: "Due first" });
  await expect(rows(inside).first()).toContainText("Question 2");
});

test("five thousand cards keep a bounded number of rows in the page", async ({ inside, person }) => {
  const { id } = await deckOf(person, 5_000);
  await inside.goto(`/flashcards?deck=${id}`);
  await expect(inside.getByText("5,000 cards").or(inside.getByText("5000 cards"))).toBeVisible();
  await expect(rows(inside).first()).toBeVisible();
  for (let scrolled = 0; scrolled < 25; scrolled += 1) {
    await inside.mouse.wheel(0, 6_000);
    await inside.waitForTimeout(100);
    expect(await rows(inside).count()).toBeLessThan(60);
  }
  expect(await inside.evaluate(() => window.scrollY)).toBeGreaterThan(20_000);
});

test("cards are asked for once the documents are known, and a list that can't be had comes with another try", async ({ inside, person, expected }) => {
  expected.push(/500/);
  await person.document("sourdough.md", await readFile(path.join(DOCUMENTS, "sourdough.md")));
  const { id } = await deckOf(person, 0);
  let refuse = () => {};
  const asked = new Promise<void>((resolve) => (refuse = resolve));
  await inside.route("**/api/v1/documents?*", async (route) => {
    await asked;
    await route.fulfill({ status: 500, json: {} });
  });
  await inside.goto(`/flashcards?deck=${id}&view=proposals`);
  const propose = inside.getByRole("button", { name: "Propose cards" });
  await expect(propose).toBeDisabled();
  refuse();
  await expect(inside.getByRole("main").getByRole("alert").filter({ hasText: "Something went wrong" })).toBeVisible();
  await inside.unroute("**/api/v1/documents?*");
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(propose).toBeEnabled();
});

test("proposals from a document are accepted, changed, rejected, and lead to their source", async ({ inside, person }) => {
  const document = await person.document("sourdough.md", await readFile(path.join(DOCUMENTS, "sourdough.md")));
  const { id } = await deckOf(person, 0);
  await inside.goto(`/flashcards?deck=${id}&view=proposals`);
  await inside.getByRole("button", { name: "Propose cards" }).click();
  const proposals = inside.getByRole("list", { name: "Proposals" }).getByRole("listitem");
  await expect(proposals.first()).toBeVisible({ timeout: 30_000 });
  const count = await proposals.count();
  expect(count).toBeGreaterThan(2);
  await expect(proposals.first().getByRole("link")).toHaveAttribute("href", new RegExp(`doc=${document}&page=`));
  await proposals.first().getByRole("button", { name: "Accept" }).click();
  await expect(proposals).toHaveCount(count - 1);
  await proposals.first().getByRole("button", { name: "Edit" }).click();
  await proposals.first().getByLabel("Front").fill("My own question?");
  await proposals.first().getByRole("button", { name: "Accept" }).click();
  await expect(proposals).toHaveCount(count - 2);
  await proposals.first().getByRole("button", { name: "Reject" }).click();
  await expect(proposals).toHaveCount(count - 3);
  const cards: Card[] = (await person.get(`/decks/${id}/cards`)).items;
  expect(cards).toHaveLength(2);
  expect(cards.map((card) => card.front)).toContain("My own question?");
});

for (const theme of ["light", "dark"] as const) {
  test(`decks, cards, dialogs and the review are accessible in ${theme} and fit a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const { id, cards } = await deckOf(person, 3);
    const fits = async () => {
      await inside.setViewportSize({ width: 360, height: 640 });
      expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await inside.setViewportSize({ width: 1280, height: 800 });
    };
    await inside.goto("/flashcards");
    await expect(inside.getByRole("link", { name: "Cells", exact: true })).toBeVisible();
    await accessible(inside);
    await fits();
    await inside.getByRole("button", { name: "New deck" }).click();
    await accessible(inside);
    await inside.goto(`/flashcards?deck=${id}`);
    await inside.getByRole("checkbox", { name: "Choose “Question 1”" }).check();
    await accessible(inside);
    await fits();
    await inside.getByRole("button", { name: "Add card" }).click();
    await accessible(inside);
    await inside.goto(`/flashcards?deck=${id}&card=${cards[0]!.id}`);
    await expect(inside.getByLabel("Front")).toBeVisible();
    await accessible(inside);
    await inside.goto(`/flashcards?deck=${id}&mode=review`);
    await expect(face(inside)).toContainText("Question 1");
    await inside.keyboard.press("?");
    await expect(inside.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await accessible(inside);
    await inside.keyboard.press("Escape");
    await inside.keyboard.press("f");
    await expect(inside.getByRole("dialog", { name: "Flag the card" })).toBeVisible();
    await accessible(inside);
    await fits();
    await inside.keyboard.press("1");
    await expect(face(inside)).toContainText("Flag: Red");
    await inside.keyboard.press("t");
    await inside.getByRole("textbox", { name: "Your answer" }).fill("Anser 1");
    await accessible(inside);
    await fits();
    await inside.keyboard.press("Enter");
    await expect(face(inside).locator("ins")).toHaveText(["w"]);
    await accessible(inside);
    await fits();
    await inside.keyboard.press("t");
    await expect(face(inside).locator("ins")).toHaveCount(0);
    await expect(face(inside)).toContainText("Answer 1");
    await accessible(inside);
    await fits();
  });
}

test("lists that can't be had say so and come with another try", async ({ inside, person, expected }) => {
  expected.push(/500/);
  await deckOf(person, 1);
  await inside.route("**/api/v1/decks?*", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/flashcards");
  await expect(inside.getByRole("main").getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await inside.unroute("**/api/v1/decks?*");
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByRole("link", { name: "Cells", exact: true })).toBeVisible();
});
