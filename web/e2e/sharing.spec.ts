import { execFileSync } from "node:child_process";
import path from "node:path";
import { deckOf, rows } from "./decks";
import { expect, logIn, Person, PASSWORD, test } from "./fixtures";

const PROJECT = path.resolve(import.meta.dirname, "../..");

/** Make a teacher of somebody, as whoever runs the server would. */
function teach(person: Person): void {
  const home = path.join(process.env.E2E_HOME!, "home");
  execFileSync(path.join(PROJECT, ".venv/bin/python"), ["-m", "studyteddy", "user", "set-roles", person.email, "student", "teacher"], {
    cwd: process.env.E2E_HOME,
    env: { ...process.env, STUDYTEDDY_HOME: home },
    stdio: "ignore",
  });
}

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
  teach(person);
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
