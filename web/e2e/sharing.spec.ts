import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { deckOf, rows } from "./decks";
import { expect, logIn, Person, PASSWORD, setRoles, test } from "./fixtures";

/** Somebody else, in a browser of their own. */
async function another(request: Person["request"], name: string): Promise<Person> {
  const email = `${name.toLowerCase()}-${Date.now()}@example.org`;
  const answer = await request.post("/api/v1/auth/register", { data: { email, password: PASSWORD, display_name: name } });
  expect(answer.status(), await answer.text()).toBe(201);
  return new Person(request, email, (await answer.json()).access_token);
}

test("a teacher publishes a deck, a student copies it, and the copy stays when it is taken back", async ({ page, person, inside, request, accessible }) => {
  test.setTimeout(150_000);
  const name = `Tides ${Date.now()}`;
  const { id } = await deckOf(person, 3, { name });
  await inside.goto("/flashcards");
  await inside.getByRole("button", { name: `More for “${name}”` }).click();
  await expect(inside.getByRole("menuitem")).toHaveCount(2);
  setRoles(person, "student", "teacher");
  await inside.reload();
  await inside.getByRole("button", { name: `More for “${name}”` }).click();
  await inside.getByRole("menuitem", { name: "Publish" }).click();
  await expect(inside.getByText("Published: everybody here can read and copy it.")).toBeVisible();

  const student = await another(request, "Bea");
  const other = await (await page.context().browser()!.newContext()).newPage();
  await logIn(other, student);
  await other.goto("/flashcards");
  await other.getByRole("link", { name: "Look at decks that teachers have published" }).click();
  await other.getByLabel("Search published decks").fill(name);
  const shown = other.getByRole("list", { name: "Published decks" }).getByRole("listitem");
  await expect(shown).toHaveCount(1);
  await expect(shown).toContainText("3 cards, from Ada");
  await accessible(other);
  await other.getByRole("link", { name }).click();
  await expect(other.getByRole("list", { name: "Cards of the deck" }).getByRole("listitem")).toHaveCount(3);
  await accessible(other);
  await other.getByRole("button", { name: "Copy to my decks" }).click();
  await expect(other).toHaveURL(/deck=/);
  await expect(rows(other)).toHaveCount(3);

  await inside.getByRole("button", { name: `More for “${name}”` }).click();
  await inside.getByRole("menuitem", { name: "Take back from everybody" }).click();
  await expect(inside.getByText("Published: everybody here can read and copy it.")).toHaveCount(0);
  expect((await person.get(`/decks/${id}`)).published_at).toBeNull();
  await other.goto("/flashcards");
  await expect(other.getByRole("link", { name, exact: true })).toBeVisible();
  await other.context().close();
});

test("a deck goes into a file and comes back from one, after a look at every row", async ({ inside, person, accessible, expected }) => {
  expected.push(/422/);
  const { id } = await deckOf(person, 2);
  await person.post(`/decks/${id}/cards`, { front: "=1+1", back: "Two, “zwei”", tags: ["sum"] });
  await inside.goto(`/flashcards?deck=${id}`);
  await inside.getByRole("button", { name: "More for this deck" }).click();
  const coming = inside.waitForEvent("download");
  await inside.getByRole("menuitem", { name: "Export as CSV" }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe("Cells.csv");
  const table = await readFile((await file.path())!, "utf8");
  expect(table).toContain("'=1+1,\"Two, “zwei”\",sum");

  const other = await person.post("/decks", { name: "Elsewhere" });
  await person.post(`/decks/${other.id}/cards`, { front: "question 1", back: "Known" });
  await inside.goto(`/flashcards?deck=${other.id}`);
  await inside.getByRole("button", { name: "More for this deck" }).click();
  await inside.getByRole("menuitem", { name: "Import cards" }).click();
  const dialog = inside.getByRole("dialog", { name: "Import cards" });
  const take = (content: string | Buffer) =>
    dialog.getByLabel("Anki or CSV file").setInputFiles({ name: "cards.csv", mimeType: "text/csv", buffer: Buffer.from(content) });
  await take('"' + "x".repeat(200_000));
  await expect(dialog.getByText("This is not a table of comma-separated values.")).toBeVisible();
  await take(`${table}No back,\r\n`);
  await expect(dialog.getByRole("status")).toHaveText("2 new cards, 1 skipped, 1 wrong.");
  await expect(dialog.getByRole("list", { name: "Rows that are wrong" })).toContainText("Row 5: Write something on the back of the card.");
  await expect(dialog.getByRole("list", { name: "What becomes of it" }).getByRole("listitem")).toHaveCount(3);
  await accessible(inside);
  expect((await person.get(`/decks/${other.id}/cards`)).items).toHaveLength(1);
  await dialog.getByRole("button", { name: "Add 2 cards" }).click();
  await expect(inside.getByText("2 cards added, 1 skipped.", { exact: true })).toBeVisible();
  await expect(rows(inside)).toHaveCount(3);
  expect((await person.get(`/decks/${other.id}/cards`)).items.map((card: { front: string }) => card.front)).toContain("=1+1");
});

/** A package as Anki writes it. */
function ankiPackage(generation: string): Buffer {
  const tests = path.resolve(import.meta.dirname, "../../tests");
  const made = `import sys; from anki_packages import *; sys.stdout.buffer.write(package([
    Note(values=["What is a <b>cell</b>?<script>alert(1)</script>", "The smallest unit<br>of life"], tags="biology"),
    Note(values=["{{c1::Mitochondria}} make {{c2::energy}}.", ""], kind=GAPS, places=(0, 1)),
    Note(values=["Sketch: <img src=cell.png>", "A cell"]), Note(values=["question 1", "Known"])], "${generation}"))`;
  return execFileSync(path.resolve(tests, "../.venv/bin/python"), ["-c", made], { env: { ...process.env, PYTHONPATH: tests } });
}

for (const generation of ["oldest", "newest"]) {
  test(`a deck of Anki comes in, of the ${generation} form, after a look at every card`, async ({ inside, person, accessible, expected }) => {
    expected.push(/422/);
    const deck = await person.post("/decks", { name: "Biology" });
    await person.post(`/decks/${deck.id}/cards`, { front: "Question 1", back: "Known" });
    await inside.goto(`/flashcards?deck=${deck.id}`);
    await inside.getByRole("button", { name: "More for this deck" }).click();
    await inside.getByRole("menuitem", { name: "Import cards" }).click();
    const dialog = inside.getByRole("dialog", { name: "Import cards" });
    const take = (buffer: Buffer) => dialog.getByLabel("Anki or CSV file").setInputFiles({ name: "Biology.apkg", mimeType: "", buffer });
    await take(Buffer.from("front,back"));
    await expect(dialog.getByText("This is no package of cards, or a damaged one.")).toBeVisible();
    await take(ankiPackage(generation));
    await expect(dialog.getByRole("status")).toHaveText("4 new cards, 1 skipped, none wrong.");
    await expect(dialog.getByText("1 card loses pictures or sounds.")).toBeVisible();
    await accessible(inside);
    expect((await person.get(`/decks/${deck.id}/cards`)).items).toHaveLength(1);
    await dialog.getByRole("button", { name: "Add 4 cards" }).click();
    await expect(inside.getByText("4 cards added, 1 skipped.", { exact: true })).toBeVisible();
    const cards: { front: string; back: string }[] = (await person.get(`/decks/${deck.id}/cards`)).items;
    expect(cards.map(({ front, back }) => [front, back])).toEqual([
      ["Question 1", "Known"],
      ["What is a cell?", "The smallest unit\nof life"],
      ["{{c1::Mitochondria}} make energy.", "Mitochondria make energy."],
      ["Mitochondria make {{c1::energy}}.", "Mitochondria make energy."],
      ["Sketch:", "A cell"],
    ]);
  });
}
