import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { DOCUMENTS, expect, logIn, setRoles, test, type Person } from "./fixtures";

// Pictures of every page in both themes, on a desk and on a phone, empty and full: make shots, then look into web/shots.
const SHOTS = path.resolve(import.meta.dirname, "../shots");
const BOOKS = process.env.SHOTS_DOCUMENTS ?? path.resolve(import.meta.dirname, "../../../shared/data/documents");
const HOUR = 3_600_000;
const SCREENS = { desk: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;

test.describe.configure({ mode: "serial" });

const CARDS: [string, string][] = [
  ["What feeds a sourdough starter?", "Flour and water, once a day at room temperature"],
  ["Which organisms live in a starter?", "Wild yeast and lactic acid bacteria"],
  ["Why does dough rise?", "Yeast turns sugar into **carbon dioxide**, which the gluten holds back"],
  ["What is the hydration of a dough?", "Its water as a share of its flour: $h = \\frac{m_w}{m_f}$"],
  ["Salt slows down {{c1::fermentation}}", "It binds water and strengthens gluten"],
  ["When is a starter ripe?", "When it doubles within four to six hours"],
];

async function upload(person: Person): Promise<string[]> {
  const ids = [await person.document("Sourdough for beginners.pdf", readFileSync(path.join(DOCUMENTS, "sourdough.pdf")), "application/pdf")];
  const books = existsSync(BOOKS) ? readdirSync(BOOKS).filter((name) => /\.(pdf|docx)$/.test(name)).slice(0, 3) : [];
  for (const name of books) ids.push(await person.document(name, readFileSync(path.join(BOOKS, name)), "application/octet-stream"));
  return [await person.document("Baking notes.md", readFileSync(path.join(DOCUMENTS, "sourdough.md"))), ...ids];
}

/** A week of somebody who studies: tasks, cards in two decks, some of them reviewed, a session, a conversation. */
async function live(person: Person): Promise<{ doc: string; deck: string; thread: string }> {
  const [doc] = await upload(person);
  const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
  const tasks = [
    { title: "Hand in the lab report", subject: "Chemistry", priority: "urgent", due_at: at(-20), estimated_minutes: 30 },
    { title: "Read chapter 3 and write down what is new", subject: "Biology", due_at: at(3), estimated_minutes: 45 },
    { title: "Exercise sheet 7", subject: "Algebra", priority: "high", due_at: at(5), estimated_minutes: 90 },
    { title: "Vocabulary, unit 12", subject: "Italian", due_at: at(30), recurrence: "FREQ=DAILY", estimated_minutes: 15 },
    { title: "Ask about the topic of the seminar paper", due_at: at(52), priority: "low" },
    { title: "Book the room for the study group", due_at: at(100) },
    { title: "Sort the notes of last term" },
  ];
  for (const task of tasks) await person.post("/tasks", task);
  const deck = await person.post("/decks", { name: "Bread and fermentation", description: "For the exam in food chemistry" });
  const { items } = await person.post(`/decks/${deck.id}/cards`, { cards: CARDS.map(([front, back]) => ({ front, back, tags: ["bread"] })) });
  const rest = await person.post("/decks", { name: "Italian, unit 12" });
  await person.post(`/decks/${rest.id}/cards`, { cards: [{ front: "la farina", back: "flour" }, { front: "il lievito", back: "yeast" }] });
  for (const [n, rating] of ["good", "easy", "again"].entries()) await person.post(`/cards/${items[n].id}/reviews`, { rating, took_ms: 4_000 });
  const session = await person.post("/study-sessions", { planned_minutes: 25, subject: "Biology" });
  await person.post(`/study-sessions/${session.id}/finish`, { focus_score: 85, notes: "Cell membranes took longest" });
  const { thread_id } = await person.post("/ask", { question: "How often should I feed the starter?" });
  await person.post("/ask", { question: "Who won the chess olympiad of 1972?" });
  await person.post(`/documents/${doc}/flashcards`, { deck_id: deck.id, count: 6 });
  await expect(async () => expect((await person.get(`/decks/${deck.id}/proposals`)).items.length).toBeGreaterThan(0)).toPass({ timeout: 60_000 });
  return { doc: doc!, deck: deck.id, thread: thread_id };
}

/** A year of reviews, which no account has that was made a minute ago. */
async function withHistory(page: Page): Promise<void> {
  await page.route("**/api/v1/analytics/heatmap?*", async (route) => {
    const answer = await (await route.fetch()).json();
    answer.days.forEach((day: { reviews: number; study_minutes: number }, n: number) => {
      if ((n * 7919) % 11 > 3) Object.assign(day, { reviews: ((n * 37) % 48) + 1, study_minutes: (n * 13) % 90 });
    });
    await route.fulfill({ json: answer });
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  await expect(page.locator(".animate-pulse")).toHaveCount(0, { timeout: 60_000 });
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      // Two frames: one for the theme, one for lists that measure themselves.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"));
      await page.screenshot({ path: path.join(SHOTS, screen, theme, `${name}.png`) });
    }
  }
  await page.setViewportSize(SCREENS.desk);
}

test("the door", async ({ page, expected }) => {
  expected.push(/404/);
  for (const [name, address] of [["landing", "/"], ["login", "/login"], ["register", "/register"], ["404", "/nowhere"]] as const) {
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    await shoot(page, name);
  }
});

test("an empty account", async ({ inside }) => {
  for (const place of ["today", "tasks", "documents", "ai-tutor", "flashcards", "study-sessions", "analytics"]) {
    await inside.goto(`/${place}`);
    await inside.waitForLoadState("networkidle");
    await shoot(inside, `${place}-empty`);
  }
});

test("an account in use", async ({ page, person }) => {
  const { doc, deck, thread } = await live(person);
  await logIn(page, person);
  await withHistory(page);
  const tasks = (await person.get("/tasks?limit=3")).items;
  const pages: [string, string][] = [
    ["today", "/today"],
    ["tasks", "/tasks"],
    ["week", "/tasks?view=week"],
    ["task", `/tasks?task=${tasks[1].id}`],
    ["documents", "/documents"],
    ["documents-search", "/documents?q=starter"],
    ["reader", `/documents?doc=${doc}`],
    ["tutor", `/ai-tutor?thread=${thread}`],
    ["flashcards", "/flashcards"],
    ["deck", `/flashcards?deck=${deck}`],
    ["proposals", `/flashcards?deck=${deck}&view=proposals`],
    ["review", `/flashcards?deck=${deck}&mode=review`],
    ["study-sessions", "/study-sessions"],
    ["analytics", "/analytics"],
    ["settings", "/settings"],
  ];
  for (const [name, address] of pages) {
    await page.goto(address);
    await page.waitForLoadState("networkidle");
    if (name === "review") {
      await shoot(page, "review-question");
      await page.keyboard.press(" ");
    }
    if (name === "tutor") {
      await expect(page.getByRole("link", { name: /^Source \d/ }).first()).toBeVisible();
      await page.locator("summary").first().click();
    }
    await shoot(page, name);
  }
  await page.goto("/today");
  await page.waitForLoadState("networkidle");
  await page.getByRole("navigation").getByRole("button", { name: /^Notifications/ }).click();
  await expect(page.getByRole("dialog").getByRole("link").first()).toBeVisible();
  await shoot(page, "notifications");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Where to, or what to do?" }).fill("read");
  await expect(page.getByRole("option", { name: /chapter 3/ })).toBeVisible();
  await shoot(page, "palette");
});

test("a school's account", async ({ page, person }) => {
  setRoles(person, "student", "teacher", "admin");
  for (const [name, cards] of [["Bread and fermentation", CARDS], ["Sourdough, the words", CARDS.slice(0, 2)]] as const) {
    const deck = await person.post("/decks", { name: `${name} ${Date.now()}`, description: "For the exam in food chemistry" });
    await person.post(`/decks/${deck.id}/cards`, { cards: cards.map(([front, back]) => ({ front, back })) });
    await person.post(`/decks/${deck.id}/publish`);
  }
  await logIn(page, person);
  await page.goto("/flashcards?view=published");
  await page.waitForLoadState("networkidle");
  await shoot(page, "published");
  await page.goto("/administration");
  await page.waitForLoadState("networkidle");
  await shoot(page, "administration");
  await page.getByLabel("Address begins with").fill(person.email);
  await page.getByRole("button", { name: person.email }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await shoot(page, "account");
});
