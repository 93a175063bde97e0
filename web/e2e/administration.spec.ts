import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, logIn, PASSWORD, setRoles, test as base, type Person } from "./fixtures";

const test = base.extend<{ admin: Page }>({
  /** A page on which `person` is logged in, who administers. */
  admin: async ({ page, person }, use) => {
    setRoles(person, "student", "admin");
    await logIn(page, person);
    await use(page);
  },
});

const accounts = (page: Page) => page.getByRole("list", { name: "Accounts" });

/** Somebody else with an account, whose address begins with a word that nobody else's does. */
async function somebody({ request }: Person): Promise<{ email: string; logIn: () => Promise<number> }> {
  const email = `z${randomUUID().slice(0, 8)}@example.org`;
  const data = { email, password: PASSWORD, display_name: "Grace" };
  expect((await request.post("/api/v1/auth/register", { data })).status()).toBe(201);
  const body = { email, password: PASSWORD };
  return { email, logIn: async () => (await request.post("/api/v1/auth/login", { data: body })).status() };
}

async function open(page: Page, email: string) {
  await page.getByLabel("Address begins with").fill(email.slice(0, 9));
  await expect(accounts(page).getByRole("listitem")).toHaveCount(1);
  await accounts(page).getByRole("button", { name: email }).click();
  return page.getByRole("dialog", { name: email });
}

test("whoever does not administer sees no such place and is told that nothing is there", async ({ inside }) => {
  await inside.goto("/today");
  await expect(inside.getByRole("navigation").getByRole("link", { name: "Settings" })).toBeVisible();
  await expect(inside.getByRole("navigation").getByRole("link", { name: "Administration" })).toHaveCount(0);
  await inside.goto("/administration");
  await expect(inside.getByRole("heading", { level: 1, name: "There is nothing at this address" })).toBeVisible();
  await inside.getByRole("link", { name: "Go to today" }).click();
  await expect(inside).toHaveURL(/\/today$/);
});

test("an account is found, gets another role, is disabled and enabled, and what happened to it is told", async ({ admin, person, expected }) => {
  expected.push(/403/);
  const grace = await somebody(person);
  await admin.goto("/today");
  await admin.getByRole("navigation").getByRole("link", { name: "Administration" }).click();
  await expect(admin).toHaveURL(/\/administration$/);
  const sheet = await open(admin, grace.email);
  await sheet.getByRole("checkbox", { name: /^Teacher/ }).check();
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(admin.getByText("Saved.", { exact: true })).toBeVisible();
  await expect(sheet.getByRole("list", { name: "What happened to the account" })).toContainText("Roles changed");
  await sheet.getByRole("button", { name: "Disable the account" }).click();
  await expect(sheet.getByText(/^This account is disabled/)).toBeVisible();
  expect(await grace.logIn()).toBe(403);
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(accounts(admin).getByRole("listitem")).toContainText("Teacher");
  await expect(accounts(admin).getByRole("listitem")).toContainText("disabled");
  await admin.getByLabel("State").selectOption("Enabled");
  await expect(admin.getByRole("heading", { name: "No account fits" })).toBeVisible();
  await admin.getByLabel("State").selectOption("Disabled");
  await accounts(admin).getByRole("button", { name: grace.email }).click();
  await sheet.getByRole("button", { name: "Enable the account" }).click();
  await expect(sheet.getByRole("button", { name: "End all log-ins" })).toBeVisible();
  expect(await grace.logIn()).toBe(200);
});

test("the log-ins of somebody are ended, and their log-in is asked for again", async ({ admin, person, browser }) => {
  const grace = await somebody(person);
  const page = await browser.newPage();
  await page.request.post("/api/v1/auth/login", { data: { email: grace.email, password: PASSWORD, use_cookie: true } });
  await page.addInitScript(() => localStorage.setItem("session", "1"));
  await page.goto("/tasks");
  await expect(page.getByLabel("New task")).toBeVisible();
  await admin.goto("/administration");
  const sheet = await open(admin, grace.email);
  await sheet.getByRole("button", { name: "End all log-ins" }).click();
  await expect(admin.getByText(`All log-ins of ${grace.email} have ended.`, { exact: true })).toBeVisible();
  await page.reload();
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.close();
});

test("nobody shuts themselves out, and a change of somebody else's is not written over", async ({ admin, person, expected }) => {
  expected.push(/409|412/);
  const grace = await somebody(person);
  await admin.goto("/administration");
  await admin.getByLabel("Address begins with").fill(person.email);
  await accounts(admin).getByRole("button", { name: person.email }).click();
  const mine = admin.getByRole("dialog", { name: person.email });
  await mine.getByRole("checkbox", { name: /^Administrator/ }).uncheck();
  await mine.getByRole("button", { name: "Save" }).click();
  await expect(mine.getByText(/^You can’t take your own access away/)).toBeVisible();
  await admin.keyboard.press("Escape");
  const sheet = await open(admin, grace.email);
  for (const role of ["Student", "Teacher", "Administrator"]) await sheet.getByRole("checkbox", { name: new RegExp(`^${role}`) }).uncheck();
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet.getByText("Choose at least one role.")).toBeVisible();
  setRoles(grace, "student", "teacher");
  await sheet.getByRole("button", { name: "Disable the account" }).click();
  await expect(sheet.getByText(/^The account was changed meanwhile/)).toBeVisible();
  await expect(sheet.getByRole("checkbox", { name: /^Teacher/ })).toBeChecked();
  await sheet.getByRole("button", { name: "Disable the account" }).click();
  await expect(sheet.getByText(/^This account is disabled/)).toBeVisible();
});

test("the queue tells what waits, runs and failed, and lists that can't be had come with another try", async ({ admin, expected }) => {
  expected.push(/500/);
  const items = [
    { kind: "ingest_document", waiting: 2, running: 1, oldest_seconds: 180, failed_last_day: 0 },
    { kind: "kind_of_tomorrow", waiting: 0, running: 0, oldest_seconds: 0, failed_last_day: 3 },
  ];
  const fail = (route: import("@playwright/test").Route) => route.fulfill({ status: 500, json: {} });
  await admin.route("**/api/v1/admin/queue", fail);
  await admin.route("**/api/v1/users?*", fail);
  await admin.goto("/administration");
  await expect(admin.getByRole("alert").getByRole("button", { name: "Try again" })).toHaveCount(2);
  await admin.unroute("**/api/v1/users?*", fail);
  await admin.getByRole("alert").getByRole("button", { name: "Try again" }).first().click();
  await expect(accounts(admin).getByRole("listitem").first()).toBeVisible();
  await admin.route("**/api/v1/admin/queue", (route) => route.fulfill({ json: { items, next_cursor: null } }));
  const rows = admin.getByRole("list", { name: "Work in the background" }).getByRole("listitem");
  await expect(rows.first()).toContainText("Reading documents");
  await expect(rows.first()).toContainText("2 waiting, the first came 3 minutes ago · 1 under way");
  await expect(rows.last()).toContainText("kind_of_tomorrow");
  await expect(rows.last()).toContainText("none waiting · 3 failed");
});

test("many accounts come page by page, and g m leads to them", async ({ admin, person }) => {
  for (let n = 0; n < 21; n += 1) await somebody(person);
  await admin.goto("/today");
  await expect(admin.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(async () => {
    await admin.keyboard.press("g");
    await admin.keyboard.press("m");
    await expect(admin).toHaveURL(/\/administration$/, { timeout: 1_000 });
  }).toPass();
  await expect(accounts(admin).getByRole("listitem")).toHaveCount(20);
  await admin.getByRole("button", { name: "Show more" }).first().click();
  await expect.poll(() => accounts(admin).getByRole("listitem").count()).toBeGreaterThan(20);
});

for (const theme of ["light", "dark"] as const) {
  test(`the administration and an account are accessible in ${theme} and fit a small phone`, async ({ admin, person, accessible }) => {
    await admin.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await admin.setViewportSize({ width: 360, height: 740 });
    await admin.goto("/today");
    await admin.getByRole("button", { name: "More" }).click();
    await admin.getByRole("menuitem", { name: "Administration" }).click();
    await expect(accounts(admin)).toBeVisible();
    await expect(admin.locator(".animate-pulse")).toHaveCount(0);
    await accessible(admin);
    expect(await admin.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    if (process.env.SHOTS) await admin.screenshot({ path: `${process.env.SHOTS}/administration-${theme}.png`, fullPage: true });
    await admin.getByLabel("Address begins with").fill(person.email);
    await accounts(admin).getByRole("button", { name: person.email }).press("Enter");
    await expect(admin.getByRole("list", { name: "What happened to the account" })).toBeVisible();
    await accessible(admin);
    if (process.env.SHOTS) await admin.screenshot({ path: `${process.env.SHOTS}/account-${theme}.png` });
    await admin.keyboard.press("Escape");
    await expect(accounts(admin).getByRole("button", { name: person.email })).toBeFocused();
  });
}
