import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const timer = (page: Page) => page.getByRole("timer", { name: "Time left" });
const past = (page: Page) => page.getByRole("list", { name: "Past sessions" }).getByRole("listitem");

test("a session survives a reload and is kept with its score and notes", async ({ inside, person }) => {
  await person.post("/tasks", { title: "Read chapter 3", subject: "Biology" });
  await inside.goto("/study-sessions");
  await expect(inside.getByText("No session yet")).toBeVisible();
  await inside.getByLabel("Minutes of work").fill("30");
  await inside.getByLabel("Task").selectOption({ label: "Read chapter 3" });
  await inside.getByRole("button", { name: "Start", exact: true }).click();
  await expect(timer(inside)).toHaveText(/^(30:00|29:\d\d)$/);
  await expect(inside).toHaveTitle(/^(30:00|29:\d\d) · Focus$/);
  await inside.reload();
  await expect(timer(inside)).toHaveText(/^29:\d\d$/);
  await expect(inside.getByText("Biology")).toBeVisible();
  await inside.getByRole("button", { name: "Finish", exact: true }).click();
  await inside.getByLabel("Focus, 0 to 100").fill("101");
  await inside.getByRole("button", { name: "Finish and save" }).click();
  await expect(inside.getByLabel("Focus, 0 to 100")).toBeFocused();
  await inside.getByLabel("Focus, 0 to 100").fill("80");
  await inside.getByLabel("Notes").fill("Cells took longest");
  await inside.getByRole("button", { name: "Finish and save" }).click();
  await expect(past(inside).filter({ hasText: "Biology" })).toContainText("Focus 80 of 100");
  await expect(past(inside)).toContainText("Cells took longest");
  const [session] = (await person.get("/study-sessions")).items;
  expect(session).toMatchObject({ status: "finished", planned_minutes: 30, subject: "Biology", focus_score: 80 });
});

test("a pause stops the time on the server, and going on lets it run again", async ({ inside, person }) => {
  const { id } = await person.post("/study-sessions", { planned_minutes: 25 });
  await inside.goto("/study-sessions");
  await inside.getByRole("button", { name: "Pause" }).click();
  await expect(inside).toHaveTitle(/^Paused · /);
  expect((await person.get(`/study-sessions/${id}`)).status).toBe("paused");
  await inside.reload();
  await inside.getByRole("button", { name: "Resume" }).click();
  await expect(inside).toHaveTitle(/^2\d:\d\d · Focus$/);
  expect((await person.get(`/study-sessions/${id}`)).status).toBe("running");
});

test("the end is told by a notice and the title, even without a network", async ({ inside, person, expected }) => {
  expected.push(/ERR_INTERNET_DISCONNECTED/);
  await person.post("/study-sessions", { planned_minutes: 25 });
  await inside.clock.install();
  await inside.goto("/study-sessions");
  await expect(timer(inside)).toHaveText(/^2[45]:\d\d$/);
  await inside.waitForLoadState("networkidle");
  await inside.context().setOffline(true);
  await inside.clock.fastForward("25:10");
  await expect(inside).toHaveTitle(/^Time is up · \+0:1\d$/);
  await expect(inside.getByText("Time is up. Finish when you are ready.").first()).toBeVisible();
  await inside.context().setOffline(false);
});

test("a break follows, survives a reload and can be skipped", async ({ inside, person }) => {
  await person.post("/study-sessions", {});
  await inside.goto("/study-sessions");
  await inside.getByRole("button", { name: "Finish", exact: true }).click();
  await inside.getByRole("button", { name: "Finish and save" }).click();
  await expect(inside.getByRole("timer", { name: "Break left" })).toHaveText(/^(5:00|4:\d\d)$/);
  await inside.reload();
  await expect(inside).toHaveTitle(/^4:\d\d · Break$/);
  await inside.getByRole("button", { name: "Skip the break" }).click();
  await expect(inside.getByRole("button", { name: "Start", exact: true })).toBeVisible();
  await expect(inside).toHaveTitle(/^Focus/);
});

for (const theme of ["light", "dark"] as const) {
  test(`the timer and its questions are accessible in ${theme} and fit a small phone`, async ({ inside, person, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme });
    await inside.setViewportSize({ width: 360, height: 640 });
    await inside.goto("/study-sessions");
    await expect(inside.getByText("No session yet")).toBeVisible();
    await accessible(inside);
    await person.post("/study-sessions", { subject: "<img src=x onerror=alert(1)> ".repeat(3) });
    await inside.reload();
    await expect(timer(inside)).toBeVisible();
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await inside.getByRole("button", { name: "Finish", exact: true }).click();
    await accessible(inside);
  });
}
