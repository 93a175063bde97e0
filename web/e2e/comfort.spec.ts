import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { deckOf, face } from "./decks";
import { expect, test, type Person } from "./fixtures";

const COMFORTABLE = 44;

/** Somebody who has something on every page. */
async function furnish(person: Person): Promise<{ deck: string; document: string }> {
  const due_at = new Date(Date.now() + 3_600_000).toISOString();
  await person.post("/tasks", { title: "Sort the shells", due_at, subject: "biology", priority: "high", estimated_minutes: 30 });
  const document = await person.document("tides.md", "# Tides\n\nThe moon pulls the water of the sea twice a day.");
  await person.post("/ask", { question: "What pulls the water of the sea?" });
  const { id, cards } = await deckOf(person, 3);
  await person.post(`/cards/${cards[0]!.id}/reviews`, { rating: "good" });
  return { deck: id, document };
}

async function settled(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator(".animate-pulse")).toHaveCount(0);
}

for (const theme of ["light", "dark"] as const) {
  test(`on every page words stand out and targets are large enough in ${theme}`, async ({ inside, person }) => {
    test.setTimeout(300_000);
    await inside.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    const { deck, document } = await furnish(person);
    const [thread] = (await person.get("/threads")).items;
    const places = [
      "/today",
      "/tasks",
      "/documents",
      `/documents?doc=${document}`,
      `/ai-tutor?thread=${thread.id}`,
      "/flashcards",
      "/flashcards?view=published",
      `/flashcards?deck=${deck}`,
      "/study-sessions",
      "/analytics",
      "/settings",
    ];
    for (const address of places) {
      await settled(inside, address);
      const { violations } = await new AxeBuilder({ page: inside }).withRules(["color-contrast", "target-size"]).analyze();
      const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect.soft(told, address).toEqual([]);
    }
  });
}

test("while reviewing on a phone every target is as large as a finger", async ({ inside, person }) => {
  const { id } = await deckOf(person, 2);
  await inside.setViewportSize({ width: 360, height: 740 });
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  const small = () =>
    inside.locator("main").evaluate((main, least) => {
      const targets = [...main.querySelectorAll<HTMLElement>("a, button")].filter((target) => target.checkVisibility());
      return targets
        .map((target) => ({ name: target.getAttribute("aria-label") ?? target.textContent, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.width < least || box.height < least)
        .map(({ name, box }) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
    }, COMFORTABLE);
  await expect(face(inside)).toContainText("Question 1");
  expect(await small()).toEqual([]);
  await inside.getByRole("button", { name: "Show answer" }).click();
  await expect(face(inside)).toContainText("Answer 1");
  expect(await small()).toEqual([]);
});

test("whoever wants less motion sees none, others a little", async ({ inside, person }) => {
  await person.post("/tasks", { title: "Sort the shells" });
  const longest = async (motion: "reduce" | "no-preference") => {
    await inside.emulateMedia({ reducedMotion: motion });
    await inside.goto("/tasks");
    await inside.getByRole("button", { name: "Sort the shells", exact: true }).click();
    await expect(inside.getByRole("dialog").getByLabel("Title")).toBeVisible();
    return inside.evaluate(() => {
      const seconds = (list: string) => list.split(",").map((one) => parseFloat(one) * (one.trim().endsWith("ms") ? 0.001 : 1));
      const styles = [...document.querySelectorAll("*")].map((element) => getComputedStyle(element));
      return Math.max(...styles.flatMap((style) => [...seconds(style.animationDuration), ...seconds(style.transitionDuration)]));
    });
  };
  expect(await longest("reduce")).toBeLessThan(0.001);
  expect(await longest("no-preference")).toBeGreaterThan(0.1);
});

/** From now on, collect what live regions say, each change once. */
async function listen(page: Page): Promise<() => Promise<{ text: string; how: string }[]>> {
  await page.evaluate(() => {
    const heard = ((window as unknown as { heard: object[] }).heard = []) as { text: string; how: string }[];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const element = target instanceof Element ? target : target.parentElement;
        const region = element?.closest("[role=status], [role=alert], [aria-live]");
        const text = region?.textContent?.trim();
        const how = region?.getAttribute("aria-live") ?? (region?.getAttribute("role") === "alert" ? "assertive" : "polite");
        if (text && how !== "off" && heard.at(-1)?.text !== text) heard.push({ text, how });
      }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (window as unknown as { heard: { text: string; how: string }[] }).heard);
}

test("notices are told politely, refusals at once", async ({ inside, person, expected }) => {
  expected.push(/500/);
  await person.post("/tasks", { title: "Sort the shells" });
  await inside.goto("/tasks");
  await expect(inside.getByRole("checkbox")).toBeVisible();
  const heard = await listen(inside);
  await inside.getByRole("checkbox", { name: "Complete “Sort the shells”" }).click();
  await expect.poll(async () => (await heard()).filter(({ text }) => text.includes("Done: “Sort the shells”"))).toHaveLength(1);
  expect((await heard()).every(({ how }) => how === "polite")).toBe(true);
  await inside.route("**/api/v1/tasks/parse", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.getByLabel("New task").fill("Feed the cat");
  await inside.keyboard.press("Enter");
  await expect.poll(async () => (await heard()).some(({ how }) => how === "assertive")).toBe(true);
});

test("an upload is not told per cent by per cent", async ({ inside }) => {
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  const heard = await listen(inside);
  const network = await inside.context().newCDPSession(inside);
  await network.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 150_000 });
  const buffer = Buffer.from("The moon pulls the sea. ".repeat(40_000));
  await inside.getByLabel("Files to upload").first().setInputFiles({ name: "big.txt", mimeType: "text/plain", buffer });
  const bar = inside.getByRole("progressbar", { name: "Sending big.txt" });
  const seen = new Set<string>();
  await expect
    .poll(async () => seen.add((await bar.getAttribute("aria-valuenow", { timeout: 2_000 }).catch(() => null)) ?? "").size, { intervals: [100] })
    .toBeGreaterThan(5);
  expect((await heard()).length).toBeLessThan(4);
});
