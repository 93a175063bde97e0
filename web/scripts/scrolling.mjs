// How smoothly long lists scroll: `node scripts/scrolling.mjs http://127.0.0.1:8000` makes an account with 5,000 cards
// and 500 tasks and turns the wheel over each list. One line of JSON a list: frames, the 95th percentile and the
// greatest of the times between two of them in milliseconds, how many took over 50 ms, the most rows in the page, and
// how far it got in pixels.
import { chromium } from "@playwright/test";

const base = process.argv[2];
const PASSWORD = "seven purple hedgehogs";
const CARDS = 5_000;
const TASKS = 500;
const SECONDS = 10;
const TURN = 240;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const context = await browser.newContext({ baseURL: base, viewport: { width: 1280, height: 800 } });

async function post(token, url, data) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await context.request.post(`/api/v1${url}`, { data, headers });
  if (!answer.ok()) throw new Error(`${url}: ${answer.status()} ${await answer.text()}`);
  return answer.json();
}

async function furnished() {
  const email = `scrolling-${Date.now()}@example.org`;
  const { access_token: token } = await post(null, "/auth/register", { email, password: PASSWORD, display_name: "Ada" });
  const deck = await post(token, "/decks", { name: "Cells" });
  for (let first = 0; first < CARDS; first += 500) {
    const cards = Array.from({ length: 500 }, (_, n) => ({ front: `What is organelle ${first + n}?`, back: `Part ${first + n} of a cell` }));
    await post(token, `/decks/${deck.id}/cards`, { cards });
  }
  for (let n = 0; n < TASKS; n += 1) {
    await post(token, "/tasks", { title: `Read chapter ${n}`, due_at: new Date(Date.now() + n * 3_600_000).toISOString() });
  }
  await post(null, "/auth/login", { email, password: PASSWORD, use_cookie: true });
  return deck.id;
}

/** In the page: the times between two frames and the most rows there ever were, until told to stop. */
function watchFrames(row) {
  const gaps = [];
  let rows = 0;
  let last = performance.now();
  let going = true;
  const next = (now) => {
    gaps.push(now - last);
    last = now;
    rows = Math.max(rows, document.querySelectorAll(row).length);
    if (going) requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  window.framesWatched = () => {
    going = false;
    return { gaps: gaps.slice(1), rows };
  };
}

async function scrolled(page, name, address, row) {
  await page.goto(address);
  await page.locator(row).first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.mouse.move(700, 500);
  await page.evaluate(watchFrames, row);
  for (const until = Date.now() + SECONDS * 1_000; Date.now() < until; ) {
    await page.mouse.wheel(0, TURN);
    await page.waitForTimeout(16);
  }
  const { gaps, rows, far } = await page.evaluate(() => ({ ...window.framesWatched(), far: window.scrollY }));
  gaps.sort((a, b) => a - b);
  const at = (share) => Math.round(gaps[Math.floor(share * (gaps.length - 1))]);
  const slow = gaps.filter((gap) => gap > 50).length;
  console.log(JSON.stringify({ list: name, frames: gaps.length, p95: at(0.95), greatest: at(1), slow, rows, far }));
}

try {
  const deck = await furnished();
  const page = await context.newPage();
  await page.goto("/theme.js");
  await page.evaluate(() => localStorage.setItem("session", "1"));
  // The first time fetches the pages of the list; the second one measures scrolling alone.
  for (const time of ["first time", "again"]) {
    await scrolled(page, `${CARDS} cards, ${time}`, `/flashcards?deck=${deck}`, "main li");
    await scrolled(page, `${TASKS} tasks, ${time}`, "/tasks", "main li");
  }
} finally {
  await browser.close();
}
