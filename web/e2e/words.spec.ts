import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

/** In no catalogue: names, dates and numbers as the browser writes them, keys, devices, and what a person typed. */
const OWN = /^(Study Teddy|English|Deutsch|Ada|Mon|Tue|Wed|Thu|Fri|Sat|Sun|ada-.*@example\.org|Playwright\/.*|\w+day \d+ \w+|\d+ \w+ \d{4}, \d\d:\d\d · .*)$/;

/** The texts on the page that did not come out of a catalogue. */
async function strangers(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      if (parent.closest("script, style, time, option, table, svg, [data-formatted]") || !parent.checkVisibility()) continue;
      // What is put together of several pieces is looked at as a whole.
      const whole = parent.textContent!.trim();
      if (/\p{L}{2}/u.test(node.textContent!) && !/[[\]~]/.test(whole)) found.push(whole);
    }
    for (const element of document.querySelectorAll("[aria-label], [placeholder], [title]")) {
      for (const name of ["aria-label", "placeholder", "title"]) {
        const value = element.getAttribute(name);
        if (value && /\p{L}{2}/u.test(value) && !/[[\]~]/.test(value)) found.push(`${name}: ${value}`);
      }
    }
    return [...new Set(found)];
  });
  return texts.filter((text) => !OWN.test(text.replace(/^aria-label: /, "")));
}

/** Elements whose text is wider than they are, and cut. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("main *, nav *, [role=dialog] *")]
      .filter((element) => element.checkVisibility() && !element.closest(".sr-only, svg"))
      .filter((element) => getComputedStyle(element).overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1)
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent!.trim()))
      .map((element) => element.textContent!.trim()),
  );
}

async function look(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("]");
  await expect(page.locator(".animate-pulse")).toHaveCount(0);
  expect.soft(await strangers(page), address).toEqual([]);
  expect.soft(await cut(page), address).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(360);
  await page.setViewportSize({ width: 1280, height: 800 });
}

test("at the door every word comes out of a catalogue, and words that are 40 % longer are not cut", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("locale", "pseudo"));
  for (const address of ["/", "/login", "/register"]) await look(page, address);
});

test("inside every word comes out of a catalogue, and words that are 40 % longer are not cut", async ({ inside }) => {
  test.setTimeout(180_000);
  await inside.addInitScript(() => localStorage.setItem("locale", "pseudo"));
  const places = ["/today", "/tasks", "/tasks?view=week", "/documents", "/ai-tutor", "/flashcards", "/study-sessions", "/analytics", "/settings"];
  for (const address of places) await look(inside, address);
});

test("inside nothing is said in another language or in names of texts while the words are on their way", async ({ inside }) => {
  await inside.addInitScript(() => {
    localStorage.setItem("locale", "de");
    const seen = ((window as unknown as { seen: string[] }).seen = []) as string[];
    const look = () => seen.push(document.querySelector("main")?.textContent ?? "");
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await inside.route("**/_next/static/chunks/*.js", async (route) => {
    const answer = await route.fetch();
    if ((await answer.text()).includes("Noch nichts zu tun")) await new Promise((resolve) => setTimeout(resolve, 1_500));
    await route.fulfill({ response: answer });
  });
  await inside.goto("/tasks");
  await expect(inside.getByText("Noch nichts zu tun")).toBeVisible();
  const seen = await inside.evaluate(() => (window as unknown as { seen: string[] }).seen);
  expect(seen.filter((text) => /Nothing to do|tasks\.\w/.test(text))).toEqual([]);
});

test("words that can't be had are told, with another try", async ({ inside, expected }) => {
  expected.push(/ERR_FAILED|Failed to load/);
  const everything = "**/_next/static/chunks/*.js";
  await inside.route(everything, async (route) => {
    const answer = await route.fetch();
    const words = (await answer.text()).includes("Nothing to do yet");
    return words ? route.abort() : route.fulfill({ response: answer });
  });
  await inside.goto("/tasks");
  await expect(inside.getByRole("button", { name: "Try again" })).toBeVisible();
  await inside.unroute(everything);
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByText("Nothing to do yet")).toBeVisible();
});

test("dates are written as the browser's region writes them", async ({ inside }) => {
  await inside.clock.setFixedTime("2026-11-30T09:00:00Z");
  await inside.goto("/today");
  await expect(inside.getByText("Monday 30 November")).toBeVisible();
});
