import { deckOf } from "./decks";
import { expect, test } from "./fixtures";

test("a deck goes on paper with all its cards, black on white", async ({ inside, person }) => {
  const { id } = await deckOf(person, 230);
  await inside.emulateMedia({ colorScheme: "dark" });
  await inside.goto(`/flashcards?deck=${id}`);
  await inside.getByRole("button", { name: "More for this deck" }).click();
  await inside.getByRole("menuitem", { name: "Print" }).click();
  await expect(inside.getByRole("row")).toHaveCount(231);
  await inside.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(inside.getByRole("navigation")).toHaveCount(0);
  await expect(inside.getByRole("button", { name: "Print" })).toHaveCount(0);
  const colours = await inside.evaluate(() => [getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector("td")!).color]);
  expect(colours).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
});

test("a conversation goes on paper with its sources, uncut", async ({ inside, person }) => {
  await person.document("tides.md", "# Tides\n\nThe moon pulls the water of the sea twice a day.");
  for (let n = 0; n < 4; n += 1) await person.post("/ask", { question: "What pulls the water of the sea?", ...(n && { thread_id: (await person.get("/threads")).items[0].id }) });
  const [thread] = (await person.get("/threads")).items;
  await inside.goto(`/ai-tutor?thread=${thread.id}`);
  await expect(inside.getByRole("article")).toHaveCount(4);
  await inside.emulateMedia({ media: "print" });
  const conversation = inside.getByRole("region", { name: "Conversation" });
  const hidden = await conversation.evaluate((box) => box.scrollHeight - box.clientHeight);
  expect(hidden).toBe(0);
  await expect(inside.getByLabel("Your question")).toBeHidden();
  await expect(inside.getByRole("button", { name: "Copy" })).toHaveCount(0);
  await expect(inside.getByRole("listitem").filter({ hasText: "The moon pulls the water" }).first()).toBeVisible();
});
