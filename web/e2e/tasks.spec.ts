import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const rows = (page: Page) => page.getByRole("list", { name: "Tasks" }).getByRole("listitem");

test("one line becomes a task with date, length, subject and priority, shown before it is added", async ({ inside }) => {
  await inside.goto("/tasks");
  await inside.getByLabel("New task").fill("Read chapter 3 tomorrow 18:00 45m #biology !high");
  const preview = inside.locator("#quick-add-preview");
  await expect(preview).toContainText("Read chapter 3");
  await expect(preview).toContainText("45 min");
  await inside.getByRole("button", { name: "Add task" }).click();
  const row = rows(inside).filter({ hasText: "Read chapter 3" });
  await expect(row).toContainText("biology");
  await expect(row).toContainText("High");
  await expect(inside.getByLabel("New task")).toHaveValue("");
});

test("what was read out of the line is made words again, one by one", async ({ inside, person }) => {
  await inside.goto("/tasks");
  await inside.getByLabel("New task").fill("Watch 45m of #Dune tomorrow");
  const preview = inside.locator("#quick-add-preview");
  await preview.getByRole("button", { name: "Keep the subject as a word" }).click();
  await expect(preview).toContainText("Watch of #Dune");
  await preview.getByRole("button", { name: "Keep the length as words" }).click();
  await expect(preview).toContainText("Watch 45m of #Dune");
  await expect(preview.getByRole("button")).toHaveCount(1);
  await inside.keyboard.press("Enter");
  await expect(rows(inside).filter({ hasText: "Watch 45m of #Dune" })).toBeVisible();
  const [task] = (await person.get("/tasks")).items;
  expect(task).toMatchObject({ title: "Watch 45m of #Dune", subject: null, estimated_minutes: null });
  expect(task.due_at).not.toBeNull();
});

test("a task that is checked off can be brought back from the notice", async ({ inside, person }) => {
  await person.post("/tasks", { title: "Sort the shells" });
  await inside.goto("/tasks");
  await inside.getByRole("checkbox", { name: "Complete “Sort the shells”" }).click();
  await expect(rows(inside).filter({ hasText: "Sort the shells" })).toHaveCount(0);
  await inside.getByRole("button", { name: "Undo" }).click();
  await expect(inside.getByRole("checkbox", { name: "Complete “Sort the shells”" })).toBeVisible();
});

test("checking off is taken back when the server refuses", async ({ inside, person, expected }) => {
  expected.push(/500/);
  await person.post("/tasks", { title: "Sort the shells" });
  await inside.goto("/tasks");
  await inside.route("**/complete", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.getByRole("checkbox", { name: "Complete “Sort the shells”" }).click();
  await expect(inside.getByText(/^Something went wrong/)).toBeVisible();
  await expect(inside.getByRole("checkbox", { name: "Complete “Sort the shells”" })).toHaveAttribute("aria-checked", "false");
});

test("a task opens by its address, is changed, and Back closes it", async ({ inside, person }) => {
  const task = await person.post("/tasks", { title: "Draft the essay" });
  await inside.goto("/tasks");
  await inside.getByRole("button", { name: "Draft the essay", exact: true }).click();
  await expect(inside).toHaveURL(new RegExp(`task=${task.id}`));
  await inside.goBack();
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await inside.goto(`/tasks?task=${task.id}`);
  const sheet = inside.getByRole("dialog");
  await sheet.getByLabel("Title").fill("Write the essay");
  await sheet.getByLabel("Due").fill("2027-03-01T09:30");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(rows(inside).filter({ hasText: "Write the essay" })).toBeVisible();
  expect((await person.get(`/tasks/${task.id}`)).due_at).toMatch(/2027-03-01T0(8|9):30/);
});

test("what was typed into a task survives a reload and a refusal", async ({ inside, person, expected }) => {
  expected.push(/500/);
  const task = await person.post("/tasks", { title: "Draft the essay" });
  await inside.goto(`/tasks?task=${task.id}`);
  await inside.getByLabel("Notes").fill("Begin with the second source");
  await inside.reload();
  await expect(inside.getByLabel("Notes")).toHaveValue("Begin with the second source");
  await inside.route(`**/tasks/${task.id}`, (route) =>
    route.request().method() === "PATCH" ? route.fulfill({ status: 500, json: {} }) : route.continue(),
  );
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByRole("dialog").getByRole("alert")).toContainText("Something went wrong");
  await expect(inside.getByLabel("Notes")).toHaveValue("Begin with the second source");
});

test("a deleted task comes back by Undo", async ({ inside, person }) => {
  const task = await person.post("/tasks", { title: "Sort the shells", subject: "Beach" });
  await inside.goto(`/tasks?task=${task.id}`);
  await inside.getByRole("button", { name: "Delete" }).click();
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
  await inside.getByRole("button", { name: "Undo" }).click();
  await expect(rows(inside).filter({ hasText: "Sort the shells" })).toContainText("Beach");
});

test("the list is walked and worked by keys alone", async ({ inside, person }) => {
  for (const title of ["First", "Second"]) await person.post("/tasks", { title });
  await inside.goto("/tasks");
  await expect(rows(inside)).toHaveCount(2);
  await inside.keyboard.press("j");
  await inside.keyboard.press("x");
  await expect(rows(inside)).toHaveCount(1);
  await inside.keyboard.press("Enter");
  await expect(inside.getByRole("dialog")).toBeVisible();
  await inside.keyboard.press("Escape");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
});

test("a list that can't be had says so and comes with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.route("**/api/v1/tasks?*", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/tasks");
  await expect(inside.getByRole("main").getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await inside.unroute("**/api/v1/tasks?*");
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`tasks and their sheet are accessible in ${theme} and fit a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme });
    const body = { title: "<img src=x onerror=alert(1)> ".repeat(4), priority: "urgent", due_at: "2026-01-02T10:00:00Z" };
    const task = await person.post("/tasks", body);
    await inside.goto("/tasks");
    await expect(rows(inside)).toHaveCount(1);
    await accessible(inside);
    await inside.goto(`/tasks?task=${task.id}`);
    await expect(inside.getByLabel("Title")).toBeVisible();
    await accessible(inside);
    await inside.setViewportSize({ width: 360, height: 640 });
    await inside.goto("/tasks");
    await expect(rows(inside)).toHaveCount(1);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}

test("five hundred tasks keep a bounded number of rows in the page", async ({ inside, person }) => {
  for (let begun = 0; begun < 500; begun += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => person.post("/tasks", { title: `Task ${begun + n}` })));
  }
  await inside.goto("/tasks");
  await expect(rows(inside).first()).toBeVisible();
  for (let scrolled = 0; scrolled < 6; scrolled += 1) {
    await inside.mouse.wheel(0, 4_000);
    await inside.waitForTimeout(150);
    expect(await rows(inside).count()).toBeLessThan(60);
  }
  expect(await inside.evaluate(() => window.scrollY)).toBeGreaterThan(5_000);
});
