import type { Page } from "@playwright/test";
import { expect, PASSWORD, test } from "./fixtures";

const isDark = (page: Page) => page.evaluate(() => document.documentElement.classList.contains("dark"));

test("name, time zone, start of the day and budget are saved and there again", async ({ inside, person }) => {
  await inside.goto("/settings");
  await inside.getByLabel("Name").fill("Grace");
  await inside.getByLabel("Time zone").selectOption("America/New_York");
  await inside.getByLabel("Your day starts at").selectOption("06:00");
  await inside.getByLabel("Minutes on Sunday").fill("90");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByText("Saved.", { exact: true })).toBeVisible();
  await inside.reload();
  await expect(inside.getByLabel("Name")).toHaveValue("Grace");
  const saved = await person.get("/users/me");
  expect(saved).toMatchObject({ display_name: "Grace", time_zone: "America/New_York", day_starts_at: 6 });
  expect(saved.weekly_budget[6]).toBe(90);
});

test("what is wrong is said beside its field, which gets the focus, and typing survives a reload", async ({ inside }) => {
  await inside.goto("/settings");
  await inside.getByLabel("Minutes on Tuesday").fill("1500");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByText("Give each day a number of minutes from 0 to 1440.")).toBeVisible();
  await expect(inside.getByLabel("Minutes on Tuesday")).toHaveAttribute("aria-invalid", "true");
  await expect(inside.getByLabel("Minutes on Tuesday")).toBeFocused();
  await inside.getByLabel("Name").fill("");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByLabel("Name")).toBeFocused();
  await inside.getByLabel("Name").fill("Grace");
  await inside.reload();
  await expect(inside.getByLabel("Name")).toHaveValue("Grace");
});

test("a change that another device made meanwhile is not written over unseen", async ({ inside, person, expected }) => {
  expected.push(/412/);
  await inside.goto("/settings");
  await inside.getByLabel("Name").fill("Grace");
  const login = await person.request.post("/api/v1/auth/login", { data: { email: person.email, password: PASSWORD } });
  const { access_token, user } = await login.json();
  const changed = await person.request.patch("/api/v1/users/me", {
    headers: { Authorization: `Bearer ${access_token}`, "If-Match": `"${user.version}"` },
    data: { day_starts_at: 7 },
  });
  expect(changed.status()).toBe(200);
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByText(/^Your settings were changed on another device/)).toBeVisible();
  await expect(inside.getByLabel("Name")).toHaveValue("Grace");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(inside.getByText("Saved.", { exact: true })).toBeVisible();
});

test("the theme follows the device at once, and a chosen one is there before anything is painted", async ({ inside }) => {
  await inside.emulateMedia({ colorScheme: "light" });
  await inside.goto("/settings");
  expect(await isDark(inside)).toBe(false);
  await inside.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => isDark(inside)).toBe(true);
  await inside.getByRole("radio", { name: "Light" }).click();
  await expect.poll(() => isDark(inside)).toBe(false);
  await inside.getByRole("radio", { name: "Dark", exact: true }).click();
  await inside.emulateMedia({ colorScheme: "light" });
  await inside.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (!document.body) return;
      (window as unknown as { darkAtBody: boolean }).darkAtBody = document.documentElement.classList.contains("dark");
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await inside.goto("/tasks");
  expect(await inside.evaluate(() => (window as unknown as { darkAtBody: boolean }).darkAtBody)).toBe(true);
  expect(await isDark(inside)).toBe(true);
});

test("the language is switched at once, told to the browser, and kept", async ({ inside }) => {
  await inside.goto("/settings");
  await inside.getByRole("radio", { name: "Deutsch" }).click();
  await expect(inside.getByRole("heading", { level: 1, name: "Einstellungen" })).toBeVisible();
  await expect(inside.locator("html")).toHaveAttribute("lang", "de");
  await inside.goto("/today");
  await expect(inside.getByText("Heute ist nichts fällig.")).toBeVisible();
  await expect(inside.locator("html")).toHaveAttribute("lang", "de");
});

test("logging out in one tab logs out the other", async ({ inside, context, expected }) => {
  // What was asked a moment before the log-out may be refused a moment after it.
  expected.push(/401/);
  const other = await context.newPage();
  await other.addInitScript(() => localStorage.setItem("session", "1"));
  await other.goto("/tasks");
  await expect(other.getByRole("heading", { level: 1, name: "Tasks" })).toBeVisible();
  await inside.goto("/settings");
  await inside.getByRole("button", { name: "Log out", exact: true }).click();
  await expect(inside).toHaveURL(/\/login/);
  await expect(other).toHaveURL(/\/login\?next=%2Ftasks/);
  await expect(other.getByRole("button", { name: "Log in" })).toBeVisible();
});

test("the log-in of another device is ended from here", async ({ inside, person, request }) => {
  const body = { email: person.email, password: PASSWORD };
  const answer = await request.post("/api/v1/auth/login", { data: body, headers: { "User-Agent": "A borrowed tablet" } });
  const { refresh_token } = await answer.json();
  await inside.goto("/settings");
  const row = inside.getByRole("list", { name: "Devices" }).getByRole("listitem").filter({ hasText: "A borrowed tablet" });
  await row.getByRole("button").click();
  await expect(row).toHaveCount(0);
  await expect(inside.getByText("This device")).toBeVisible();
  const again = await request.post("/api/v1/auth/refresh", { data: { refresh_token } });
  expect(again.status()).toBe(401);
});

test("the palette goes places, finds things and adds a task, all by keys", async ({ inside, person }) => {
  const task = await person.post("/tasks", { title: "Sort the shells" });
  await inside.goto("/today");
  await expect(inside.getByText("Nothing is due today.")).toBeVisible();
  const field = inside.getByRole("combobox", { name: "Where to, or what to do?" });
  await inside.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await inside.keyboard.type("docum");
  await inside.keyboard.press("Enter");
  await expect(inside).toHaveURL(/\/documents$/);
  await inside.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await inside.keyboard.type("shells");
  await expect(inside.getByRole("option", { name: /^Sort the shells/ })).toHaveAttribute("aria-selected", "true");
  await inside.keyboard.press("Enter");
  await expect(inside).toHaveURL(new RegExp(`/tasks\\?task=${task.id}`));
  await expect(inside.getByRole("dialog").getByLabel("Title")).toHaveValue("Sort the shells");
  await inside.keyboard.press("Escape");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await inside.keyboard.press("Control+k");
  await expect(field).toBeFocused();
  await inside.keyboard.type("Feed the cat #home");
  await inside.keyboard.press("Enter");
  await expect(inside.getByText("Added “Feed the cat”.", { exact: true })).toBeVisible();
  await expect(inside.getByRole("list", { name: "Tasks" }).getByText("Feed the cat")).toBeVisible();
});

test("the palette finds cards in all decks and shows the latest places first", async ({ inside, person }) => {
  const deck = await person.post("/decks", { name: "Cells" });
  const card = await person.post(`/decks/${deck.id}/cards`, { front: "What is **osmosis**?", back: "Water passes" });
  await inside.goto("/analytics");
  await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
  await inside.getByRole("link", { name: "Documents", exact: true }).click();
  await inside.getByRole("link", { name: "Tasks", exact: true }).click();
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
  await inside.keyboard.press("Control+k");
  const options = inside.getByRole("option");
  await expect(options.nth(0)).toHaveText("Documents");
  await expect(options.nth(1)).toHaveText("Progress");
  await inside.keyboard.type("osmosis");
  await expect(inside.getByRole("option", { name: "What is osmosis? Card" })).toHaveAttribute("aria-selected", "true");
  await inside.keyboard.press("Enter");
  await expect(inside).toHaveURL(new RegExp(`deck=${deck.id}&card=${card.id}`));
  await expect(inside.getByRole("dialog").getByLabel("Front")).toHaveValue("What is **osmosis**?");
});

test("g and a letter go to a place; ? lists the keys; neither while typing, nor once switched off", async ({ inside }) => {
  await inside.goto("/tasks");
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
  await inside.getByLabel("New task").pressSequentially("g?d");
  await expect(inside.getByLabel("New task")).toHaveValue("g?d");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await inside.getByLabel("New task").fill("");
  await inside.getByLabel("New task").blur();
  await inside.keyboard.press("?");
  await expect(inside.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await inside.keyboard.press("Escape");
  await inside.keyboard.press("g");
  await inside.keyboard.press("e");
  await expect(inside).toHaveURL(/\/settings$/);
  await inside.getByRole("checkbox", { name: /^Single-key shortcuts/ }).uncheck();
  await inside.getByRole("checkbox", { name: /^Single-key shortcuts/ }).blur();
  await inside.keyboard.press("g");
  await inside.keyboard.press("t");
  await inside.keyboard.press("?");
  // The palette opens with Ctrl and stays; once it is there, the keys before it had their chance.
  await inside.keyboard.press("Control+k");
  await expect(inside.getByRole("dialog", { name: "Go to or add" })).toBeVisible();
  await expect(inside).toHaveURL(/\/settings$/);
});

for (const theme of ["light", "dark"] as const) {
  test(`settings, palette and key list are accessible in ${theme} and fit a small phone`, async ({ inside, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.goto("/settings");
    await expect(inside.getByText("This device")).toBeVisible();
    await accessible(inside);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/settings-${theme}.png`, fullPage: true });
    await inside.keyboard.press("?");
    await expect(inside.getByRole("dialog")).toBeVisible();
    await accessible(inside);
    await inside.keyboard.press("Escape");
    await expect(inside.getByRole("dialog")).toHaveCount(0);
    await inside.keyboard.press("Control+k");
    await expect(inside.getByRole("dialog")).toBeVisible();
    await accessible(inside);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/palette-${theme}.png` });
    await inside.keyboard.press("Escape");
    await inside.setViewportSize({ width: 360, height: 640 });
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/settings-360-${theme}.png`, fullPage: true });
  });
}
