import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, PASSWORD, test } from "./fixtures";

const FRESH = "eleven orange umbrellas";

/** The token of the newest letter to somebody that leads to a page; letters are files, where no mail server is set. */
function tokenFor(email: string, page: "reset" | "verify"): string | undefined {
  const place = path.join(process.env.E2E_HOME!, "home", "outbox");
  if (!existsSync(place)) return undefined; // the first letter is on its way
  const letters = readdirSync(place).filter((name) => name.endsWith(".eml")).sort().reverse();
  for (const name of letters) {
    const letter = readFileSync(path.join(place, name), "utf8").replace(/=\r?\n/g, "").replaceAll("=3D", "=");
    const token = new RegExp(`/${page}\\?token=([\\w.-]+)`).exec(letter)?.[1];
    if (letter.includes(email) && token) return token;
  }
  return undefined;
}

async function letterTo(email: string, page: "reset" | "verify"): Promise<string> {
  await expect.poll(() => tokenFor(email, page) ?? "", { timeout: 30_000 }).not.toBe("");
  return tokenFor(email, page)!;
}

const section = (page: Page, title: string): Locator =>
  page.locator("section, div").filter({ has: page.getByRole("heading", { level: 2, name: title, exact: true }) }).last();

test("a forgotten password is set anew by a letter, whose link is good once", async ({ page, person, expected }) => {
  expected.push(/40[0-9]|410|422/);
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("button", { name: "Send the letter" }).click();
  await expect(page.getByLabel("Email")).toBeFocused();
  await page.getByLabel("Email").fill(person.email);
  await page.getByRole("button", { name: "Send the letter" }).click();
  await expect(page.getByText(`If ${person.email} has an account`)).toBeVisible();
  const token = await letterTo(person.email, "reset");
  await page.goto(`/reset?token=${token}`);
  await page.getByLabel("New password").fill("short");
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByLabel("New password")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("New password").fill(FRESH);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText(/^Your new password is set/)).toBeVisible();
  await page.getByRole("link", { name: "To the log-in" }).click();
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(FRESH);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/today$/);
  await page.goto(`/reset?token=${token}`);
  await page.getByLabel("New password").fill(FRESH);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText(/^This link is not good any more/)).toBeVisible();
});

test("the link of the first letter confirms the address; a false one says what to do", async ({ page, person, expected }) => {
  expected.push(/40[0-9]|410|422/);
  await page.goto(`/verify?token=${await letterTo(person.email, "verify")}`);
  await expect(page.getByText("Your address is confirmed. Thank you.")).toBeVisible();
  await page.goto("/verify?token=nonsense");
  await expect(page.getByText(/^This link is not good any more/)).toBeVisible();
});

test("the password is changed by the one that is good now, and other devices are out", async ({ inside, person, request, expected }) => {
  expected.push(/40[0-9]|422/);
  const body = { email: person.email, password: PASSWORD };
  const { refresh_token } = await (await request.post("/api/v1/auth/login", { data: body })).json();
  await inside.goto("/settings");
  await inside.getByLabel("Password now").fill("something else entirely");
  await inside.getByLabel("New password").fill(FRESH);
  await inside.getByRole("button", { name: "Change the password" }).click();
  await expect(section(inside, "Password").getByText(/password/i).last()).toBeVisible();
  await inside.getByLabel("Password now").fill(PASSWORD);
  await inside.getByLabel("New password").fill(FRESH);
  await inside.getByRole("button", { name: "Change the password" }).click();
  await expect(inside.getByText(/^Your password is changed/)).toBeVisible();
  expect((await request.post("/api/v1/auth/refresh", { data: { refresh_token } })).status()).toBe(401);
  expect((await request.post("/api/v1/auth/login", { data: { ...body, password: FRESH } })).status()).toBe(200);
  await inside.reload();
  await expect(inside.getByRole("list", { name: "What happened to your account" })).toContainText("Password changed");
});

test("an API token is shown once, works, and is refused once it is deleted", async ({ inside, request, accessible }) => {
  await inside.goto("/settings");
  await inside.getByLabel("What is it for?").fill("Backup script");
  await inside.getByLabel("It may").selectOption("write");
  await inside.getByRole("button", { name: "Make a token" }).click();
  const shown = inside.getByRole("dialog", { name: "Your new token" });
  const token = (await shown.locator("code").textContent())!;
  await accessible(inside);
  await shown.getByRole("button", { name: "Close" }).click();
  const headers = { Authorization: `Bearer ${token}` };
  expect((await request.post("/api/v1/tasks", { headers, data: { title: "By a script" } })).status()).toBe(201);
  const row = inside.getByRole("list", { name: "API tokens" }).getByRole("listitem");
  await expect(row).toContainText("Backup script");
  await expect(row).not.toContainText(token);
  await row.getByRole("button", { name: "Delete the token Backup script" }).click();
  await expect(row).toHaveCount(0);
  expect((await request.get("/api/v1/tasks", { headers })).status()).toBe(401);
});

for (const theme of ["light", "dark"] as const) {
  test(`the pages that letters lead to are accessible in ${theme} and fit a small phone`, async ({ page, accessible }) => {
    await page.emulateMedia({ colorScheme: theme });
    await page.setViewportSize({ width: 360, height: 640 });
    for (const address of ["/forgot", "/reset?token=a", "/reset", "/verify"]) {
      await page.goto(address);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await accessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    }
  });
}
