import { expect, test } from "./fixtures";

// A browser that is elsewhere and writes otherwise than the person's account says.
test.use({ timezoneId: "America/New_York", locale: "en-US" });

test("times are those of the person's zone, in the browser's way of writing them, wherever the browser is", async ({ inside, person }) => {
  await person.post("/tasks", { title: "Ring the bell", due_at: "2027-01-15T17:30:00Z" });
  await inside.goto("/tasks");
  const row = inside.getByRole("list", { name: "Tasks" }).getByRole("listitem");
  await expect(row).toContainText(/Jan 15, 2027.*6:30\sPM/);
  await row.getByRole("button", { name: "Ring the bell", exact: true }).click();
  await expect(inside.getByRole("dialog").getByLabel("Due")).toHaveValue("2027-01-15T18:30");
  await person.patch("/users/me", { time_zone: "Asia/Kolkata" });
  await inside.goto("/tasks");
  await expect(row).toContainText(/Jan 15, 2027.*11:00\sPM/);
});

test("the hour that comes twice and the hour that is left out are told apart and kept", async ({ inside, person }) => {
  await person.post("/tasks", { title: "First of the two", due_at: "2027-10-31T00:30:00Z" });
  await person.post("/tasks", { title: "Second of the two", due_at: "2027-10-31T01:30:00Z" });
  await person.post("/tasks", { title: "After the gap", due_at: "2027-03-28T01:30:00Z" });
  await inside.goto("/tasks");
  const row = (title: string) => inside.getByRole("list", { name: "Tasks" }).getByRole("listitem").filter({ hasText: title });
  await expect(row("First of the two")).toContainText(/2:30\sAM/);
  await expect(row("Second of the two")).toContainText(/2:30\sAM/);
  await expect(row("After the gap")).toContainText(/3:30\sAM/);
  // Saving something else leaves an instant alone that its local time would not tell.
  await row("Second of the two").getByRole("button", { name: "Second of the two", exact: true }).click();
  await inside.getByRole("dialog").getByLabel("Title").fill("Still the second of the two");
  await inside.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(row("Still the second of the two")).toBeVisible();
  const tasks: { title: string; due_at: string }[] = (await person.get("/tasks")).items;
  expect(tasks.find(({ title }) => title.startsWith("Still"))!.due_at).toBe("2027-10-31T01:30:00Z");
});

test("the day ends at the hour that the person chose", async ({ inside, person }) => {
  // Half past three at night in Berlin: of the day before for those whose days start at four.
  await person.post("/tasks", { title: "Night watch", due_at: "2026-12-02T02:30:00Z" });
  await inside.clock.setFixedTime("2026-12-01T12:00:00Z");
  await inside.goto("/today");
  await expect(inside.getByRole("list", { name: "Due today" })).toContainText("Night watch");
  await person.patch("/users/me", { day_starts_at: 0 });
  await inside.goto("/today");
  await expect(inside.getByText("Nothing is due today.")).toBeVisible();
});
