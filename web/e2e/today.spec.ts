import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const DAY_MS = 86_400_000;
const at = (ms: number) => new Date(ms).toISOString();

const block = (page: Page, title: string) =>
  page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) });

test("a new account is led through three steps, which stay away once they were sent away", async ({ inside }) => {
  await inside.goto("/today");
  await expect(inside.getByRole("heading", { level: 1 })).toContainText("Ada");
  const steps = block(inside, "Three steps to begin with");
  await expect(steps.getByRole("listitem")).toHaveCount(3);
  await expect(steps.getByRole("link", { name: "Upload a document" })).toHaveAttribute("href", "/documents");
  await expect(steps.getByRole("link", { name: "Ask a question" })).toHaveAttribute("href", "/ai-tutor");
  await expect(steps.getByRole("link", { name: "Make cards" })).toHaveAttribute("href", "/flashcards");
  await steps.getByRole("button", { name: "Don't show these steps again" }).click();
  await expect(steps).toHaveCount(0);
  await inside.reload();
  await expect(inside.getByText("Nothing is due today.")).toBeVisible();
  await expect(steps).toHaveCount(0);
});

test("a step that was taken is ticked off", async ({ inside, person }) => {
  const deck = await person.post("/decks", { name: "Cells" });
  await person.post(`/decks/${deck.id}/cards`, { front: "What makes ATP?", back: "Mitochondria" });
  await inside.goto("/today");
  const steps = block(inside, "Three steps to begin with");
  await expect(steps.getByRole("img", { name: "Done" })).toHaveCount(1);
  await expect(steps.getByRole("link", { name: "Make cards" })).toHaveCount(0);
});

test("overdue tasks stand apart, are checked off in place, and Undo brings them back", async ({ inside, person }) => {
  await person.post("/tasks", { title: "Return the books", due_at: at(Date.now() - 2 * DAY_MS) });
  await person.post("/tasks", { title: "Far away", due_at: at(Date.now() + 9 * DAY_MS) });
  await inside.goto("/today");
  const overdue = inside.getByRole("list", { name: "Overdue" });
  await expect(overdue.getByRole("link", { name: "Return the books" })).toBeVisible();
  await expect(inside.getByText("Far away")).toHaveCount(0);
  await overdue.getByRole("checkbox", { name: "Complete “Return the books”" }).click();
  await expect(inside.getByText("Nothing is due today.")).toBeVisible();
  await inside.getByRole("button", { name: "Undo" }).click();
  await overdue.getByRole("link", { name: "Return the books" }).click();
  await expect(inside).toHaveURL(/\/tasks\?task=/);
  await expect(inside.getByRole("dialog").getByLabel("Title")).toHaveValue("Return the books");
});

test("a refused check-off is taken back", async ({ inside, person, expected }) => {
  expected.push(/500/);
  await person.post("/tasks", { title: "Return the books", due_at: at(Date.now() - 2 * DAY_MS) });
  await inside.route("**/complete", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/today");
  await inside.getByRole("checkbox", { name: "Complete “Return the books”" }).click();
  await expect(inside.getByText(/^Something went wrong/)).toBeVisible();
  await expect(inside.getByRole("checkbox", { name: "Complete “Return the books”" })).toHaveAttribute("aria-checked", "false");
});

test("each part of the day leads to what can be done about it", async ({ inside, person }) => {
  const deck = await person.post("/decks", { name: "Cells" });
  for (const front of ["What makes ATP?", "What holds DNA?"]) {
    await person.post(`/decks/${deck.id}/cards`, { front, back: "See chapter 3" });
  }
  await person.post("/study-sessions", { subject: "Biology" });
  const document = await person.document("cells.md", "# Cells\n\nMitochondria make ATP.");
  await inside.goto("/today");
  await expect(block(inside, "Focus")).toContainText("Biology, running since");
  await expect(inside.getByRole("link", { name: "Back to the timer" })).toHaveAttribute("href", "/study-sessions");
  await expect(block(inside, "So far today")).toContainText("0 days");
  await expect(inside.getByRole("link", { name: "Your progress" })).toHaveAttribute("href", "/analytics");
  const documents = block(inside, "Documents");
  await expect(documents.getByRole("listitem").getByRole("link").first()).toHaveAttribute("href", `/documents?doc=${document}`);
  await expect(documents.getByRole("link", { name: /^Ask about/ })).toHaveAttribute("href", `/ai-tutor?doc=${document}`);
  await inside.getByRole("link", { name: "Review 2 cards" }).click();
  await expect(inside).toHaveURL(/\/flashcards\?mode=review/);
  await expect(inside.getByText("What makes ATP?")).toBeVisible();
});

test("a part that can't be had says so, while the others stand", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.route("**/api/v1/tasks?*", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/today");
  await expect(block(inside, "Tasks").getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await expect(block(inside, "So far today")).toContainText("0 days");
  await inside.unroute("**/api/v1/tasks?*");
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByText("Nothing is due today.")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`the day is accessible in ${theme} and fits a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await person.post("/tasks", { title: "<img src=x onerror=alert(1)> ".repeat(4), due_at: at(Date.now() - 2 * DAY_MS) });
    const deck = await person.post("/decks", { name: "Cells" });
    await person.post(`/decks/${deck.id}/cards`, { front: "What makes ATP?", back: "Mitochondria" });
    await inside.goto("/today");
    await expect(inside.getByRole("link", { name: "Review 1 card" })).toBeVisible();
    await expect(block(inside, "So far today")).toContainText("0 days");
    await accessible(inside);
    await inside.setViewportSize({ width: 360, height: 640 });
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await accessible(inside);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/today-360-${theme}.png`, fullPage: true });
    await inside.setViewportSize({ width: 1280, height: 800 });
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/today-${theme}.png`, fullPage: true });
  });
}
