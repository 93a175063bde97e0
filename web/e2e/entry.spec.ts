import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, PASSWORD, test } from "./fixtures";

const PROBLEMS: [string, RegExp][] = [
  ["google_access_denied", /^You did not let Google tell/],
  ["google_refused", /^Google did not confirm/],
  ["google_state_unknown", /^That took too long/],
  ["google_other_browser", /^This was begun in another browser/],
  ["google_unavailable", /^Google does not answer/],
  ["google_email_unverified", /^Google has not verified/],
  ["google_link_needed", /^This address has an account already/],
  ["identity_taken", /^This Google account belongs to another/],
  ["already_linked", /^Your account is linked to another/],
  ["account_disabled", /^This account is disabled/],
  ["session_ended", /^Your log-in ended meanwhile/],
  ["rate_limited", /^That was a lot at once/],
  ["unavailable", /^The server can’t do that/],
  ["something_of_tomorrow", /^Coming in by Google did not work/],
];

/** How many letters went to an address; letters are files, where no mail server is set. */
function lettersTo(email: string): number {
  const place = path.join(process.env.E2E_HOME!, "home", "outbox");
  if (!existsSync(place)) return 0;
  const letters = readdirSync(place).filter((name) => name.endsWith(".eml"));
  return letters.filter((name) => readFileSync(path.join(place, name), "utf8").includes(email)).length;
}

/** A server that knows Google, and an account that is linked to this address there. */
async function withGoogle(page: Page, email: string | null): Promise<void> {
  await page.route("**/api/v1/auth/providers", (route) => route.fulfill({ json: { google: true } }));
  await page.route("**/api/v1/auth/google/link", (route) =>
    route.request().method() === "GET" ? route.fulfill({ json: { email } }) : route.fallback(),
  );
}

test("the letter that confirms the address is sent again, until it is confirmed", async ({ inside, person, expected }) => {
  expected.push(/409/);
  await expect.poll(() => lettersTo(person.email), { timeout: 30_000 }).toBe(1);
  await inside.goto("/settings");
  await expect(inside.getByRole("heading", { name: "Your address is not confirmed yet" })).toBeVisible();
  await inside.getByRole("button", { name: "Send the letter again" }).click();
  await expect(inside.getByText(`A letter to ${person.email} is on its way.`)).toBeVisible();
  await expect.poll(() => lettersTo(person.email), { timeout: 30_000 }).toBe(2);
  const problem = { type: "about:blank", title: "Conflict", status: 409, detail: "Verified.", code: "already_verified", instance: "" };
  await inside.route("**/auth/email/resend", (route) => route.fulfill({ status: 409, json: problem }));
  const me = await person.get("/users/me");
  await inside.route("**/api/v1/users/me", (route) => route.fulfill({ json: { ...me, email_verified_at: me.created_at } }));
  await inside.getByRole("button", { name: "Send the letter again" }).click();
  await expect(inside.getByRole("heading", { name: "Your address is not confirmed yet" })).toHaveCount(0);
});

test("where the server has no Google, the settings don't speak of it", async ({ inside }) => {
  await inside.goto("/settings");
  await expect(inside.getByRole("heading", { level: 2, name: "Your data" })).toBeVisible();
  await expect(inside.getByRole("heading", { level: 2, name: "Google" })).toHaveCount(0);
});

test("an account is linked to Google by going there, and unlinked unless it is the only way in", async ({ inside, expected }) => {
  expected.push(/409/);
  await withGoogle(inside, null);
  await inside.route("**/api/v1/auth/google/link", (route) =>
    route.request().method() === "POST" ? route.fulfill({ json: { url: "/login?problem=already_linked" } }) : route.fallback(),
  );
  await inside.goto("/settings");
  await inside.getByRole("button", { name: "Link to Google" }).click();
  await expect(inside.getByRole("alert").filter({ hasText: "Your account is linked to another" })).toBeVisible();
  await expect(inside.getByRole("button", { name: "Log in" })).toHaveCount(0);
  await withGoogle(inside, "ada@gmail.example");
  await inside.getByRole("link", { name: "Go on to Study Teddy" }).click();
  await expect(inside).toHaveURL(/\/today$/);
  await inside.goto("/settings");
  await expect(inside.getByText("Linked to ada@gmail.example")).toBeVisible();
  const problem = { type: "about:blank", title: "Conflict", status: 409, detail: "No.", code: "no_password", instance: "" };
  const refuse = (route: import("@playwright/test").Route) =>
    route.request().method() === "DELETE" ? route.fulfill({ status: 409, json: problem }) : route.fallback();
  await inside.route("**/api/v1/auth/google/link", refuse);
  await inside.getByRole("button", { name: "Unlink" }).click();
  await expect(inside.getByText(/^Google is your only way in/)).toBeVisible();
  await inside.unroute("**/api/v1/auth/google/link", refuse);
  await inside.route("**/api/v1/auth/google/link", (route) =>
    route.request().method() === "DELETE" ? route.fulfill({ status: 204 }) : route.fulfill({ json: { email: null } }),
  );
  await inside.getByRole("button", { name: "Unlink" }).click();
  await expect(inside.getByRole("button", { name: "Link to Google" })).toBeVisible();
});

test("each problem of coming in by Google is told in a sentence, and the log-in then leads in", async ({ page, person }) => {
  for (const [code, sentence] of PROBLEMS) {
    await page.goto(`/login?problem=${code}`);
    await expect(page.getByRole("alert").filter({ hasText: sentence })).toBeVisible();
  }
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/today$/);
});

test("what failed is told in German, too", async ({ browser }) => {
  const page = await browser.newPage({ locale: "de-DE" });
  await page.goto("/login?problem=google_unavailable");
  await expect(page.getByRole("alert").filter({ hasText: "Google antwortet gerade nicht" })).toBeVisible();
  await page.close();
});

for (const theme of ["light", "dark"] as const) {
  test(`the unconfirmed address, Google and the door's problems are accessible in ${theme} and fit a small phone`, async ({ inside, accessible }) => {
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await inside.setViewportSize({ width: 360, height: 740 });
    await withGoogle(inside, "a.rather.long.address.of.somebody@gmail.example");
    await inside.goto("/settings");
    await expect(inside.getByText(/^Linked to/)).toBeVisible();
    await expect(inside.getByRole("button", { name: "Send the letter again" })).toBeVisible();
    await expect(inside.locator(".animate-pulse")).toHaveCount(0);
    await accessible(inside);
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    if (process.env.SHOTS) await inside.screenshot({ path: `${process.env.SHOTS}/entry-${theme}.png`, fullPage: true });
    await inside.goto("/login?problem=already_linked");
    await expect(inside.getByRole("link", { name: "Go on to Study Teddy" })).toBeVisible();
    await expect(inside.getByRole("alert").filter({ hasText: "linked" })).toBeVisible();
    await accessible(inside);
  });
}
