import type { Page } from "@playwright/test";
import { expect, PASSWORD, test } from "./fixtures";

/** A chapter of three pages, printed by the browser itself. Only the second says how much ATP there is. */
async function chapter(page: Page): Promise<Buffer> {
  const printer = await page.context().browser()!.newPage();
  const filler = "Cells differ in size and shape, and each of them does a work of its own within the body. ".repeat(10);
  const pages = [
    `<h1>The cell</h1><p>A cell is the smallest unit of life. ${filler}</p>`,
    `<h1>Energy</h1><p>${filler}</p><p>Cellular respiration of one molecule of glucose yields about thirty molecules of ATP in the mitochondria.</p><p>${filler}</p>`,
    `<h1>Membranes</h1><p>The membrane is a double layer of lipids. ${filler}</p>`,
  ];
  await printer.setContent(pages.map((text) => `<section style="break-after: page">${text}</section>`).join(""));
  const bytes = await printer.pdf({ format: "A5" });
  await printer.close();
  return bytes;
}

test("the whole loop: register, upload, ask, open the source, make cards, review them, see it counted", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/register");
  await page.getByLabel("What should we call you?").fill("Ada");
  await page.getByLabel("Email").fill(`loop-${Date.now()}@example.org`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/today$/);

  await page.getByRole("link", { name: "Upload a document" }).click();
  const buffer = await chapter(page);
  await page.getByLabel("Files to upload").first().setInputFiles({ name: "cells.pdf", mimeType: "application/pdf", buffer });
  const row = page.getByRole("list", { name: "Documents", exact: true }).getByRole("listitem");
  await expect(row).toContainText(/[3-9] pages/, { timeout: 60_000 });
  await row.getByRole("button").first().click();
  await page.getByRole("link", { name: "Ask about this document" }).click();

  await expect(page.getByRole("button", { name: /^Remove / })).toHaveCount(1);
  await page.getByLabel("Your question").fill("How many molecules of ATP does cellular respiration of glucose yield?");
  await page.keyboard.press("Enter");
  const answer = page.getByRole("article").last();
  await expect(answer).toContainText("about thirty molecules of ATP", { timeout: 30_000 });
  await answer.getByRole("link", { name: /^Source \d/ }).first().click();
  await expect(page).toHaveURL(/documents\?doc=[0-9a-f-]+&page=2&chunk=/);
  await expect(page.getByLabel("Page number")).toHaveValue("2");
  const mark = page.locator("article mark");
  await expect(mark).toContainText("about thirty molecules of ATP");
  await expect(mark).toBeInViewport();
  await page.goBack();

  await answer.getByRole("button", { name: "Make flashcards" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByLabel("Name of the deck").fill("Cells");
  await sheet.getByRole("button", { name: "One more card" }).click();
  await sheet.getByLabel("Front").last().fill("What is the smallest unit of life?");
  await sheet.getByLabel("Back").last().fill("The cell");
  await sheet.getByRole("button", { name: "Save" }).click();
  await expect(sheet).toHaveCount(0);

  // From here on by keys alone.
  await page.getByRole("region", { name: "Conversation" }).focus();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await expect(page.getByRole("link", { name: "Cells", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Review all" }).or(page.getByRole("link", { name: "Review “Cells”" })).first().focus();
  await page.keyboard.press("Enter");
  for (const front of ["How many molecules", "smallest unit of life"]) {
    await expect(page.getByRole("article", { name: "Card" })).toContainText(front);
    await page.keyboard.press(" ");
    await expect(page.getByRole("button", { name: "Good" })).toBeVisible();
    await page.keyboard.press("3");
  }
  await expect(page.getByRole("region", { name: "Done for today" })).toContainText("2 reviews");

  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(/\/analytics/);
  const reviews = page.getByRole("main").locator("dl > div").filter({ hasText: "Reviews" });
  await expect(reviews).toContainText("2");
});
