import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const made = (page: Page) => page.getByRole("dialog", { name: "Your calendar address" });

/** The address that the dialog shows, as a path of this server; the dialog is closed. */
async function shown(page: Page): Promise<string> {
  const address = (await made(page).locator("code").textContent())!;
  await page.keyboard.press("Escape");
  await expect(made(page)).toHaveCount(0);
  return new URL(address).pathname;
}

test("a calendar address is shown once, feeds a calendar, is replaced, and ends", async ({ inside, person, request, context, expected }) => {
  expected.push(/404/);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.post("/tasks", { title: "Hand in the essay", due_at: new Date(Date.now() + 3_600_000).toISOString() });
  await inside.goto("/settings");
  await expect(inside.getByText("There is no address yet.")).toBeVisible();
  await inside.getByRole("button", { name: "Make an address" }).click();
  await made(inside).getByRole("button", { name: "Copy" }).click();
  const copied = await inside.evaluate(() => navigator.clipboard.readText());
  const first = await shown(inside);
  expect(new URL(copied).pathname).toBe(first);
  expect(await (await request.get(first)).text()).toContain("Hand in the essay");
  await inside.reload();
  await expect(inside.getByText(/^There has been an address since/)).toBeVisible();
  await expect(inside.locator("body")).not.toContainText(first);
  await inside.getByRole("button", { name: "Make another address" }).click();
  const asked = inside.getByRole("dialog", { name: "Make another address?" });
  await asked.getByRole("button", { name: "Make another address" }).click();
  const second = await shown(inside);
  expect((await request.get(first)).status()).toBe(404);
  expect((await request.get(second)).status()).toBe(200);
  await inside.getByRole("button", { name: "Switch it off" }).click();
  await expect(inside.getByText("There is no address yet.")).toBeVisible();
  expect((await request.get(second)).status()).toBe(404);
});

test("a calendar that can't be asked for says so and comes with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  const fail = (route: import("@playwright/test").Route) => route.fulfill({ status: 500, json: {} });
  await inside.route("**/api/v1/calendar", fail);
  await inside.goto("/settings");
  const section = inside.locator("section").filter({ has: inside.getByRole("heading", { level: 2, name: "Calendar" }) });
  await expect(section.getByRole("alert")).toBeVisible();
  await inside.unroute("**/api/v1/calendar", fail);
  await section.getByRole("button", { name: "Try again" }).click();
  await expect(section.getByText("There is no address yet.")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`the calendar's address and its dialogs are accessible in ${theme} and fit a small phone`, async ({ inside, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.setViewportSize({ width: 360, height: 740 });
    await inside.goto("/settings");
    await inside.getByRole("button", { name: "Make an address" }).click();
    await expect(made(inside)).toBeVisible();
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await shown(inside);
    await inside.getByRole("button", { name: "Make another address" }).press("Enter");
    await expect(inside.getByRole("dialog")).toBeVisible();
    await accessible(inside);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/calendar-${theme}.png` });
    await inside.keyboard.press("Escape");
    await expect(inside.getByRole("button", { name: "Make another address" })).toBeFocused();
  });
}
