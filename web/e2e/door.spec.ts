import { expect, PASSWORD, test } from "./fixtures";

test("a new student registers, is inside, and still is after a reload", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("What should we call you?").fill("Ada");
  await page.getByLabel("Email").fill(`new-${Date.now()}@example.org`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/today$/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/today$/);
});

test("what is missing is said beside its field, and the first of them has the focus", async ({ page }) => {
  await page.goto("/register");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("What should we call you?")).toBeFocused();
  await expect(page.getByLabel("Email")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("Type your email address.")).toBeVisible();
});

test("an address that has an account is told at its field", async ({ page, person, expected }) => {
  expected.push(/409/);
  await page.goto("/register");
  await page.getByLabel("What should we call you?").fill("Ada");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert").or(page.locator("[aria-invalid=true]")).first()).toBeVisible();
  await expect(page.getByLabel("Email")).toHaveValue(person.email);
});

test("a wrong password is told without saying which half is wrong", async ({ page, person, expected }) => {
  expected.push(/401/);
  await page.goto("/login");
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill("something else");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toHaveText(/do not go together/);
});

test("the log-in leads back to where somebody wanted to go", async ({ page, person }) => {
  await page.goto("/today?from=a-letter");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page).toHaveURL(/\/today\?from=a-letter$/);
});

for (const next of ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]) {
  test(`a link that would lead away after the log-in stays here: ${next}`, async ({ inside, baseURL }) => {
    await inside.goto(`/login?next=${encodeURIComponent(next)}`);
    await expect(inside).toHaveURL(`${baseURL}/today`);
  });
}

test("an address where nothing stands says so", async ({ page, expected }) => {
  expected.push(/404/);
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("There is nothing at this address");
});

for (const theme of ["light", "dark"] as const) {
  test(`landing, log-in and registration are accessible in ${theme}`, async ({ page, accessible }) => {
    await page.emulateMedia({ colorScheme: theme });
    for (const address of ["/", "/login", "/register"]) {
      await page.goto(address);
      await page.waitForLoadState("networkidle");
      await accessible(page);
    }
  });
}

test("nothing scrolls sideways on a small phone", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  for (const address of ["/", "/login", "/register"]) {
    await page.goto(address);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
});

test("however many requests find the log-in expired at once, it is refreshed once", async ({ inside, expected }) => {
  expected.push(/401/);
  await inside.goto("/today");
  await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
  await inside.waitForLoadState("networkidle");
  let refreshes = 0;
  let refused = 0;
  inside.on("request", (request) => {
    if (request.url().endsWith("/auth/refresh")) refreshes += 1;
  });
  const problem = { type: "about:blank", title: "Unauthorized", status: 401, detail: "Expired.", code: "token_expired", instance: "" };
  await inside.route("**/api/v1/analytics/**", async (route) => {
    if (refreshes > 0) return route.continue();
    refused += 1;
    // None is answered before there are several.
    await expect.poll(() => refused).toBeGreaterThan(1);
    return route.fulfill({ status: 401, json: problem, contentType: "application/problem+json" });
  });
  await inside.getByRole("link", { name: "Progress", exact: true }).click();
  await expect(inside).toHaveURL(/\/analytics/);
  await expect.poll(() => refused).toBeGreaterThan(1);
  await expect(inside.getByText("Nothing in this period yet", { exact: false })).toBeVisible();
  expect(refreshes).toBe(1);
  await expect(inside.getByRole("main").getByRole("alert")).toHaveCount(0);
});

test("every place is reached by Tab and Enter, and what has the focus can be seen", async ({ inside }) => {
  await inside.goto("/today");
  await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
  const reached: string[] = [];
  for (let step = 0; step < 15; step += 1) {
    await inside.keyboard.press("Tab");
    const focus = await inside.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const style = getComputedStyle(element);
      return { name: element.textContent?.trim() ?? "", seen: style.outlineStyle !== "none" && style.outlineWidth !== "0px" };
    });
    expect(focus.seen, `focus on ${focus.name}`).toBe(true);
    reached.push(focus.name);
  }
  for (const place of ["Tasks", "Documents", "Tutor", "Flashcards", "Focus", "Progress", "Settings"]) {
    expect(reached).toContain(place);
  }
});

test("the script files that a page names ask to be compiled whole, beside the page", async ({ request }) => {
  const html = await (await request.get("/login")).text();
  const files = [...html.matchAll(/<script(?![^>]*nomodule)[^>]*\ssrc="(\/_next\/[^"]+)"/gi)].map(([, file]) => file!);
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect(await (await request.get(file)).text()).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
});
