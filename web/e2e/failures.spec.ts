import { deckOf } from "./decks";
import { expect, PASSWORD, test } from "./fixtures";

test("without a network an action says so and keeps what was typed, and goes through once it is back", async ({ inside, context, expected }) => {
  expected.push(/ERR_INTERNET_DISCONNECTED|Failed to load|WebSocket/);
  await inside.goto("/flashcards");
  await inside.getByRole("button", { name: "New deck" }).click();
  await inside.getByLabel("Name").fill("Cells");
  await context.setOffline(true);
  await inside.getByRole("dialog").getByRole("button", { name: "New deck" }).click();
  await expect(inside.getByRole("dialog").getByText(/can't be reached/)).toBeVisible();
  await expect(inside.getByLabel("Name")).toHaveValue("Cells");
  await context.setOffline(false);
  await inside.getByRole("dialog").getByRole("button", { name: "New deck" }).click();
  await expect(inside.getByRole("link", { name: "Cells", exact: true })).toBeVisible();
});

test("a log-in that has ended leads through the log-in back to what was being typed", async ({ inside, person, expected }) => {
  expected.push(/401/);
  const { id } = await deckOf(person, 1);
  await inside.goto(`/flashcards?deck=${id}`);
  await inside.getByRole("button", { name: "Add card" }).click();
  await inside.getByLabel("Front").fill("What is osmosis?");
  const problem = { type: "about:blank", title: "Unauthorized", status: 401, detail: "Ended.", code: "session_ended", instance: "" };
  const ended = (route: import("@playwright/test").Route) => route.fulfill({ status: 401, json: problem });
  await inside.route("**/auth/refresh", ended);
  await inside.route("**/cards", (route) => (route.request().method() === "POST" ? ended(route) : route.continue()));
  await inside.getByLabel("Back").fill("Water passes a membrane");
  await inside.getByRole("dialog").getByRole("button", { name: "Add card" }).click();
  await expect(inside).toHaveURL(/\/login\?next=/);
  await inside.unroute("**/auth/refresh");
  await inside.unroute("**/cards");
  await inside.getByLabel("Email").fill(person.email);
  await inside.getByLabel("Password").fill(PASSWORD);
  await inside.getByRole("button", { name: "Log in" }).click();
  await expect(inside).toHaveURL(new RegExp(`/flashcards\\?deck=${id}`));
  await inside.getByRole("button", { name: "Add card" }).click();
  await expect(inside.getByLabel("Front")).toHaveValue("What is osmosis?");
});

test("a server without room says so, and the file can be sent again", async ({ inside, expected }) => {
  expected.push(/507/);
  const detail = "The server has no room left for files. Delete some, or ask whoever runs it.";
  await inside.goto("/documents");
  await inside.route(
    "**/api/v1/documents",
    (route) => route.fulfill({ status: 507, json: { type: "about:blank", title: "Full", status: 507, detail, code: "storage_full", instance: "" } }),
    { times: 1 },
  );
  const notes = { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Tides\n\nThe moon pulls the sea.") };
  await inside.getByLabel("Files to upload").first().setInputFiles(notes);
  const uploads = inside.getByRole("list", { name: "Uploads" }).getByRole("listitem");
  await expect(uploads.getByRole("alert")).toContainText("no room left");
  await uploads.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByRole("list", { name: "Documents", exact: true }).getByRole("listitem")).toHaveCount(1);
});

test("a page that breaks says so and can be tried again, and the rest stays", async ({ inside, expected }) => {
  expected.push(/./);
  await inside.goto("/today");
  await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
  // An answer that no version of the server gives: the page can't show it.
  await inside.route("**/api/v1/decks?*", (route) => route.fulfill({ json: { items: [{ id: "x" }], next_cursor: null } }));
  await inside.getByRole("link", { name: "Flashcards", exact: true }).click();
  await expect(inside.getByRole("heading", { name: "This page broke" })).toBeVisible();
  await inside.unroute("**/api/v1/decks?*");
  await inside.getByRole("link", { name: "Tasks", exact: true }).click();
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
  await inside.getByRole("link", { name: "Flashcards", exact: true }).click();
  await inside.getByRole("button", { name: "Try again" }).or(inside.getByText("No decks yet")).first().click();
  await expect(inside.getByText("No decks yet")).toBeVisible();
});

test("files that a network swallows take nothing of the page along, and come once it is back", async ({ inside, expected }) => {
  expected.push(/ERR_FAILED/);
  let cut = false;
  await inside.route("**/_next/static/chunks/*.js", (route) => (cut ? route.abort() : route.continue()));
  await inside.goto("/flashcards");
  const add = inside.getByRole("button", { name: "New deck" });
  await expect(add).toBeVisible();
  cut = true;
  await add.click();
  // By then the bell and the notices were asked for as well.
  await inside.waitForTimeout(4_000);
  await expect(add).toBeVisible();
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  cut = false;
  await expect(inside.getByLabel("Name")).toBeVisible();
});

test("a part of a page that a network swallowed says so, and comes with another try", async ({ inside, person, expected }) => {
  expected.push(/ERR_FAILED/, /ChunkLoadError|Failed to load chunk/);
  const { id } = await deckOf(person, 1);
  let cut = false;
  await inside.route("**/_next/static/chunks/*.js", (route) => (cut ? route.abort() : route.continue()));
  await inside.goto("/flashcards");
  const deck = inside.getByRole("link", { name: "Cells", exact: true });
  await expect(deck).toBeVisible();
  cut = true;
  await deck.click();
  const again = inside.getByRole("main").getByRole("alert").getByRole("button", { name: "Try again" });
  await expect(again).toBeVisible();
  cut = false;
  await again.click();
  await expect(inside.getByRole("button", { name: "Add card" })).toBeVisible();
  expect(new URL(inside.url()).searchParams.get("deck")).toBe(id);
});
