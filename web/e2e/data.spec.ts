import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, logIn, PASSWORD, Person, test } from "./fixtures";

const heading = (page: Page) => page.getByRole("heading", { level: 2, name: "Your data" });
const file = (page: Page) => page.getByLabel("The export, a zip file");

async function download(page: Page): Promise<{ name: string; path: string }> {
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download my data" }).click();
  const saved = await coming;
  return { name: saved.suggestedFilename(), path: await saved.path() };
}

async function another(person: Person): Promise<Person> {
  const email = `grace-${randomUUID()}@example.org`;
  const data = { email, password: PASSWORD, display_name: "Grace" };
  const answer = await person.request.post("/api/v1/auth/register", { data });
  return new Person(person.request, email, (await answer.json()).access_token);
}

test("everything is downloaded by the browser itself, and an empty account takes it in", async ({ inside, person, browser }) => {
  await person.post("/tasks", { title: "Feed the starter" });
  await inside.goto("/settings");
  const { name, path } = await download(inside);
  expect(name).toMatch(/^studyteddy-\d{4}-\d\d-\d\d\.zip$/);
  await expect(inside.getByText(/^The download has begun/)).toBeVisible();
  expect(readFileSync(path).includes("tasks.jsonl")).toBe(true);
  const grace = await another(person);
  const page = await browser.newPage();
  await logIn(page, grace);
  await page.goto("/settings");
  await file(page).setInputFiles(path);
  await expect(page.getByText("Everything is here.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ada");
  await page.getByRole("link", { name: "Go to today" }).click();
  await page.goto("/tasks");
  await expect(page.getByText("Feed the starter")).toBeVisible();
  await page.close();
});

test("an export that can't be taken in says why, before and after it was sent", async ({ inside, person, expected }) => {
  expected.push(/409|422/);
  await inside.goto("/settings");
  await file(inside).setInputFiles({ name: "holiday.zip", mimeType: "application/zip", buffer: Buffer.from("no zip at all") });
  await expect(inside.getByText(/^This file is no export of Study Teddy/)).toBeVisible();
  const { path } = await download(inside);
  await inside.route("**/api/v1/jobs/*", (route) =>
    route.fulfill({ json: { id: randomUUID(), kind: "import_account", status: "failed", progress: 40, error: "damaged_export" } }),
  );
  await file(inside).setInputFiles(path);
  await expect(inside.getByText(/^The export is damaged/)).toBeVisible();
  await inside.reload();
  await expect(inside.getByText(/^The export is damaged/)).toBeVisible();
  await inside.getByRole("button", { name: "Choose another file" }).click();
  await person.post("/tasks", { title: "Feed the starter" });
  await file(inside).setInputFiles(path);
  await expect(inside.getByText(/^This account holds something already/)).toBeVisible();
});

test("an export on its way tells how far it is and can be stopped", async ({ inside }) => {
  await inside.goto("/settings");
  await inside.route("**/users/me/import", () => new Promise(() => undefined));
  await file(inside).setInputFiles({ name: "big.zip", mimeType: "application/zip", buffer: Buffer.alloc(200_000) });
  await expect(inside.getByRole("progressbar", { name: "Sending the export" })).toBeVisible();
  await inside.getByRole("button", { name: "Cancel" }).click();
  await expect(inside.getByRole("button", { name: "Choose the zip file" })).toBeVisible();
});

test("an account is deleted by its address and password, and the door says so", async ({ inside, person, request, expected }) => {
  expected.push(/40[13]/);
  await inside.goto("/settings");
  await inside.getByRole("button", { name: "Delete my account …" }).click();
  const dialog = inside.getByRole("dialog", { name: "Delete your account for good?" });
  await expect(dialog.getByRole("listitem")).toHaveCount(5);
  const address = dialog.getByLabel(`Type ${person.email} to confirm`);
  await address.fill("somebody@example.org");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(address).toBeFocused();
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await address.fill(person.email.toUpperCase());
  await dialog.getByLabel("Password").fill("something else entirely");
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("That is not the password of this account.")).toBeVisible();
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByLabel("Password").press("Enter");
  await expect(inside).toHaveURL(/\/login\?told=account_deleted$/);
  await expect(inside.getByText(/^Your account is deleted/)).toBeVisible();
  const again = await request.post("/api/v1/auth/login", { data: { email: person.email, password: PASSWORD } });
  expect(again.status()).toBe(401);
});

for (const theme of ["light", "dark"] as const) {
  test(`your data and the farewell are accessible in ${theme} and fit a small phone`, async ({ inside, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.setViewportSize({ width: 360, height: 740 });
    await inside.goto("/settings");
    await expect(heading(inside)).toBeVisible();
    await expect(inside.locator(".animate-pulse")).toHaveCount(0);
    await accessible(inside);
    await inside.getByRole("button", { name: "Delete my account …" }).click();
    await inside.getByRole("button", { name: "Delete for good" }).click();
    await expect(inside.getByRole("dialog").getByText("Type your password.")).toBeVisible();
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/data-${theme}.png` });
    await inside.keyboard.press("Escape");
    await expect(inside.getByRole("dialog")).toHaveCount(0);
    await expect(inside.getByRole("button", { name: "Delete my account …" })).toBeFocused();
  });
}
