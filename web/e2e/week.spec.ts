import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

// The clocks of Berlin go forward in the night to its Sunday, 28 March.
const WEEK = "/tasks?view=week&week=2027-03-22";
const DUE = "2027-03-24T17:30:00Z";

const day = (page: Page, name: string | RegExp) => page.getByRole("region", { name });
const task = (page: Page, title: string) => page.getByRole("button", { name: title, exact: true });

test("a task is dragged to another day and is there after a reload, at the same time of day", async ({ inside, person }) => {
  const { id } = await person.post("/tasks", { title: "Read chapter 3", due_at: DUE, estimated_minutes: 45 });
  await inside.goto("/tasks");
  await inside.getByRole("radio", { name: "Week" }).click();
  await expect(inside).toHaveURL(/view=week/);
  await inside.goto(WEEK);
  await expect(day(inside, "Wednesday 24 March")).toContainText("18:30 · 45 min");
  await expect(day(inside, "Wednesday 24 March")).toContainText("45 of 60 min");
  await inside.getByRole("listitem").filter({ hasText: "Read chapter 3" }).dragTo(day(inside, "Sunday 28 March"));
  await expect(day(inside, "Sunday 28 March")).toContainText("Read chapter 3");
  await expect(inside.getByText("“Read chapter 3” is now due on Sunday 28 March.").first()).toBeVisible();
  await inside.reload();
  await expect(day(inside, "Sunday 28 March")).toContainText("18:30");
  await expect(day(inside, "Wednesday 24 March")).toContainText("Nothing due");
  expect((await person.get(`/tasks/${id}`)).due_at).toBe("2027-03-28T16:30:00Z");
});

test("by keys a task moves by days and weeks, is told, and keeps the focus", async ({ inside, person }) => {
  const { id } = await person.post("/tasks", { title: "Ring the bell", due_at: DUE });
  await inside.goto(WEEK);
  await task(inside, "Ring the bell").focus();
  await inside.keyboard.press("Alt+ArrowRight");
  await expect(day(inside, "Thursday 25 March")).toContainText("Ring the bell");
  await expect(task(inside, "Ring the bell")).toBeFocused();
  await inside.keyboard.press("Alt+ArrowRight");
  await expect(day(inside, "Friday 26 March")).toContainText("Ring the bell");
  await expect(inside.getByRole("status").filter({ hasText: "“Ring the bell” is now due on Friday 26 March." }).first()).toBeAttached();
  await expect(task(inside, "Ring the bell")).toBeFocused();
  await inside.keyboard.press("Alt+ArrowDown");
  await expect(day(inside, "Friday 2 April")).toContainText("18:30");
  await expect(task(inside, "Ring the bell")).toBeFocused();
  await expect(inside).toHaveURL(/week=2027-04-02/);
  await expect.poll(async () => (await person.get(`/tasks/${id}`)).due_at).toBe("2027-04-02T16:30:00Z");
  await inside.keyboard.press("Enter");
  await expect(inside.getByRole("dialog").getByLabel("Title")).toHaveValue("Ring the bell");
});

test("a week that was asked for before a move into it had arrived shows the task all the same", async ({ inside, person }) => {
  const { id } = await person.post("/tasks", { title: "Ring the bell", due_at: DUE });
  await inside.goto(WEEK);
  const moved = inside.waitForResponse((answer) => answer.request().method() === "PATCH");
  let read = () => undefined as void;
  const wasRead = new Promise<void>((done) => (read = done));
  await inside.route(`**/tasks/${id}`, async (route) => {
    if (route.request().method() === "PATCH") await wasRead;
    await route.continue();
  });
  await inside.route(/due_from=2027-03-29/, async (route) => {
    const answer = await route.fetch();
    read();
    await moved;
    await new Promise((later) => setTimeout(later, 300));
    await route.fulfill({ response: answer }).catch(() => undefined);
  });
  await task(inside, "Ring the bell").focus();
  await inside.keyboard.press("Alt+ArrowDown");
  await expect(day(inside, "Wednesday 31 March")).toContainText("Ring the bell");
});

test("moves that follow each other faster than the server answers all count", async ({ inside, person }) => {
  const { id } = await person.post("/tasks", { title: "Ring the bell", due_at: DUE });
  await inside.goto(WEEK);
  await inside.route(`**/tasks/${id}`, async (route) => {
    if (route.request().method() === "PATCH") await new Promise((answer) => setTimeout(answer, 1_000));
    await route.continue();
  });
  await task(inside, "Ring the bell").focus();
  for (const name of ["Thursday 25 March", "Friday 26 March", "Saturday 27 March"]) {
    await inside.keyboard.press("Alt+ArrowRight");
    await expect(day(inside, name)).toContainText("Ring the bell", { timeout: 900 });
  }
  await expect.poll(async () => (await person.get(`/tasks/${id}`)).due_at).toBe("2027-03-27T17:30:00Z");
  await expect(day(inside, "Saturday 27 March")).toContainText("Ring the bell");
});

test("a move by the menu is taken back by Undo", async ({ inside, person }) => {
  const { id } = await person.post("/tasks", { title: "Sort the shells", due_at: DUE });
  await inside.setViewportSize({ width: 360, height: 740 });
  await inside.goto(WEEK);
  await inside.getByRole("button", { name: "Move “Sort the shells”" }).click();
  await inside.getByRole("menuitem", { name: "A week later" }).click();
  await expect.poll(async () => (await person.get(`/tasks/${id}`)).due_at).toBe("2027-03-31T16:30:00Z");
  await inside.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await person.get(`/tasks/${id}`)).due_at).toBe(DUE);
  await inside.getByRole("button", { name: "Previous week" }).click();
  await expect(day(inside, "Wednesday 24 March")).toContainText("Sort the shells");
});

test("a move that is refused is taken back and says so", async ({ inside, person, expected }) => {
  expected.push(/500/);
  const { id } = await person.post("/tasks", { title: "Draft the essay", due_at: DUE });
  await inside.goto(WEEK);
  await inside.route(`**/tasks/${id}`, (route) =>
    route.request().method() === "PATCH" ? route.fulfill({ status: 500, json: {} }) : route.continue(),
  );
  await task(inside, "Draft the essay").press("Alt+ArrowLeft");
  await expect(inside.getByText(/^Something went wrong/)).toBeVisible();
  await expect(day(inside, "Wednesday 24 March")).toContainText("Draft the essay");
  await expect(day(inside, "Tuesday 23 March")).toContainText("Nothing due");
});

test("what is overdue stands above this week and can be put on today", async ({ inside, person }) => {
  const past = new Date(Date.now() - 20 * 86_400_000).toISOString();
  const { id } = await person.post("/tasks", { title: "Old homework", due_at: past });
  await inside.goto("/tasks?view=week");
  await expect(day(inside, "Overdue")).toContainText("Old homework");
  await inside.getByRole("listitem").filter({ hasText: "Old homework" }).dragTo(day(inside, /Today$/));
  await expect(day(inside, /Today$/)).toContainText("Old homework");
  await expect(day(inside, "Overdue")).toHaveCount(0);
  await expect.poll(async () => Date.parse((await person.get(`/tasks/${id}`)).due_at)).toBeGreaterThan(Date.now() - 2 * 86_400_000);
  await inside.getByRole("button", { name: "Next week" }).click();
  await expect(day(inside, /Today$/)).toHaveCount(0);
  await inside.getByRole("button", { name: "This week" }).click();
  await expect(day(inside, /Today$/)).toContainText("Old homework");
});

for (const theme of ["light", "dark"] as const) {
  test(`the week is accessible in ${theme} and fits a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme });
    const long = { title: "Donaudampfschifffahrtsgesellschaft ".repeat(3), priority: "urgent", estimated_minutes: 600 };
    await person.post("/tasks", { ...long, due_at: DUE });
    await person.post("/tasks", { ...long, due_at: "2026-01-02T10:00:00Z" });
    for (const address of ["/tasks?view=week", WEEK]) {
      await inside.setViewportSize({ width: 1280, height: 800 });
      await inside.goto(address);
      await expect(inside.getByRole("listitem").filter({ hasText: "Donau" })).toHaveCount(1);
      await accessible(inside);
      await inside.setViewportSize({ width: 360, height: 640 });
      await accessible(inside);
      expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });
}
