import { deckOf } from "./decks";
import { expect, test, type Person } from "./fixtures";

/** A card that was passed over today, and comes back in some days. */
async function reviewed(person: Person): Promise<void> {
  const [card] = (await deckOf(person, 1)).cards;
  await person.post(`/cards/${card!.id}/reviews`, { rating: "easy", card_version: card!.version });
}

test("a year of days tells dates and counts to pointer and keyboard, and shows today's review", async ({ inside, person }) => {
  await reviewed(person);
  await inside.goto("/analytics");
  const year = inside.getByRole("region", { name: "A year of reviews" });
  const cells = year.locator("rect[data-day]");
  await expect(cells).toHaveCount(365);
  for (const label of await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label")))) {
    expect(label).toMatch(/^(No reviews|\d+ reviews?).* on .*\d{4}$/);
  }
  await expect(cells.last()).toHaveAttribute("aria-label", /^1 review on /);
  await cells.last().focus();
  await inside.keyboard.press("ArrowLeft");
  await expect(cells.nth(357)).toBeFocused();
  await expect(year.locator("p").first()).toHaveText((await cells.nth(357).getAttribute("aria-label")) ?? "");
  await inside.keyboard.press("End");
  await expect(cells.last()).toBeFocused();
  await cells.nth(360).hover();
  await expect(year.locator("p").first()).toHaveText((await cells.nth(360).getAttribute("aria-label")) ?? "");
  await expect(inside.getByText("1 day", { exact: true })).toBeVisible();
});

test("charts come with their figures as tables, and the forecast with what is overdue apart", async ({ inside, person }) => {
  await reviewed(person);
  const { id } = await person.post("/study-sessions", { subject: "Anatomy" });
  await person.post(`/study-sessions/${id}/finish`);
  await inside.goto("/analytics?period=week");
  await expect(inside.getByRole("heading", { name: "The last 7 days" })).toBeVisible();
  const forecast = inside.getByRole("region", { name: "Cards that fall due", exact: true });
  await expect(forecast).toContainText("1 card in these days");
  await expect(forecast).toContainText("nothing overdue");
  await expect(forecast.locator("rect[data-bar]")).toHaveCount(30);
  await forecast.getByText("90 days").click();
  await expect(forecast.locator("rect[data-bar]")).toHaveCount(90);
  await forecast.getByText("Table:").click();
  await expect(forecast.getByRole("row")).toHaveCount(92);
  const year = inside.getByRole("region", { name: "A year of reviews" });
  await year.getByText("Table:").click();
  await expect(year.getByRole("table").getByRole("row")).toHaveCount(2);
  await inside.getByRole("radio", { name: "Year" }).click();
  await expect(inside).toHaveURL(/period=year/);
  await expect(inside.getByRole("heading", { name: "The last 365 days" })).toBeVisible();
});

test("without anything done yet each chart says what to do", async ({ inside }) => {
  await inside.goto("/analytics");
  await expect(inside.getByText(/^No review yet/)).toBeVisible();
  await expect(inside.getByText(/^No card is scheduled yet/)).toBeVisible();
  await inside.getByRole("link", { name: "Start a session" }).first().click();
  await expect(inside).toHaveURL(/\/study-sessions$/);
});

test("figures that can't be had say so and come with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.route("**/analytics/summary?*", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/analytics");
  const summary = inside.getByRole("region", { name: "The last 30 days" });
  await expect(summary.getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await inside.unroute("**/analytics/summary?*");
  await summary.getByRole("button", { name: "Try again" }).click();
  await expect(summary.getByText("Streak")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`progress is accessible in ${theme} and fits a small phone`, async ({ inside, person, accessible }) => {
    await reviewed(person);
    await inside.emulateMedia({ colorScheme: theme });
    await inside.goto("/analytics");
    await expect(inside.locator("rect[data-day]")).toHaveCount(365);
    await inside.getByText("Table:").first().click();
    await accessible(inside);
    await inside.setViewportSize({ width: 360, height: 640 });
    await inside.reload();
    await expect(inside.locator("rect[data-day]")).toHaveCount(365);
    await expect(inside.locator("rect[data-bar]").first()).toBeAttached();
    expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
}
