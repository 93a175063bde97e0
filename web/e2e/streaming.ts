import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { DOCUMENTS, test as base } from "./fixtures";
import { startSlow, type Slow } from "./slow-model";

/** Tests on a server whose language model says one word at a time. */
export const test = base.extend<object, { slow: Slow }>({
  slow: [
    async ({}, use) => {
      const slow = await startSlow();
      await use(slow);
      await slow.close();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ slow }, use) => use(slow.url),
});

export const NOTES = readFileSync(path.join(DOCUMENTS, "sourdough.md"));
export const answer = (page: Page) => page.getByRole("article").last();
export const plain = (text: string | null) => (text ?? "").replace(/\s+/g, " ");

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel("Your question").fill(question);
  await page.keyboard.press("Enter");
}

/** Let the page have a socket of its own, as in browsers without shared workers, whose frames a test can then touch. */
export async function alone(page: Page): Promise<void> {
  await page.addInitScript(() => void Reflect.deleteProperty(window, "SharedWorker"));
}
