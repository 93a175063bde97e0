import { deckOf, face, isReview, left, rows } from "./decks";
import { expect, test } from "./fixtures";

test("Space reveals and then grades Good; digits grade, but not before the answer is there", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 3);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await expect(left(inside).locator("[aria-current]")).toHaveText("New 3");
  const early: string[] = [];
  inside.on("request", (request) => isReview(request) && early.push(request.url()));
  for (const key of ["1", "2", "3", "4"]) await inside.keyboard.press(key);
  await expect(face(inside)).not.toContainText("Answer 1");
  expect(early).toEqual([]);
  await inside.keyboard.press(" ");
  await expect(face(inside)).toContainText("Answer 1");
  const sent = () => inside.waitForResponse((response) => isReview(response.request()));
  const [good] = await Promise.all([sent(), inside.keyboard.press(" ")]);
  expect((await good.json()).review).toMatchObject({ card_id: cards[0]!.id, rating: "good", took_ms: expect.any(Number) });
  expect(good.request().headers()["idempotency-key"]).toMatch(/^[0-9a-f-]{36}$/);
  await expect(face(inside)).toContainText("Question 2");
  await inside.keyboard.press("Enter");
  const [easy] = await Promise.all([sent(), inside.keyboard.press("4")]);
  expect((await easy.json()).review).toMatchObject({ card_id: cards[1]!.id, rating: "easy" });
  await expect(face(inside)).toContainText("Question 3");
});

test("each grade tells the server's next interval, and the lower edge holds them on a phone", async ({ inside, person }) => {
  const { id } = await deckOf(person, 1);
  await inside.setViewportSize({ width: 360, height: 640 });
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await inside.getByRole("button", { name: "Show answer" }).click();
  const { preview } = (await person.get(`/reviews/queue?deck_id=${id}`)).items[0];
  for (const [rating, name] of [["again", "Again"], ["hard", "Hard"], ["good", "Good"], ["easy", "Easy"]] as const) {
    const button = inside.getByRole("button", { name });
    await expect(button).toHaveText(`${preview[rating].interval_days} d${name}`);
    const box = (await button.boundingBox())!;
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44);
    expect(box.y).toBeGreaterThan(640 * 0.6);
    expect(box.y + box.height).toBeLessThanOrEqual(640);
  }
  expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});

test("Ctrl+Z brings back the card and the counts", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press(" ");
  await expect(face(inside)).toContainText("Answer 1");
  await inside.keyboard.press("1");
  await expect(face(inside)).toContainText("Question 2");
  await expect(left(inside)).toHaveText("New 1Learning 1Due 0");
  const undone = inside.waitForResponse((response) => /\/reviews\/[^/]+\/undo$/.test(response.url()));
  await inside.keyboard.press("Control+z");
  await expect(face(inside)).toContainText("Question 1");
  await expect(left(inside)).toHaveText("New 2Learning 0Due 0");
  expect((await undone).status()).toBe(200);
  expect((await person.get(`/cards/${cards[0]!.id}`)).due_on).toBeNull();
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(face(inside)).toContainText("Question 2");
  await expect.poll(async () => (await person.get(`/cards/${cards[0]!.id}`)).repetitions).toBe(1);
});

test("a card whose grade was taken back can be suspended at once", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 12);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press(" ");
  const graded = inside.waitForResponse((response) => isReview(response.request()));
  await inside.keyboard.press("3");
  await graded;
  const undone = inside.waitForResponse((response) => /\/reviews\/[^/]+\/undo$/.test(response.url()));
  await inside.keyboard.press("Control+z");
  await undone;
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press("@");
  await expect(face(inside)).toContainText("Question 2");
  expect((await person.get(`/cards/${cards[0]!.id}`)).suspended).toBe(true);
});

test("a card graded Again comes back, and a summary ends the review", async ({ inside, person }) => {
  const { id } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  for (const [question, key] of [["1", "1"], ["2", "3"], ["1", "4"]]) {
    await expect(face(inside)).toContainText(`Question ${question}`);
    await inside.keyboard.press(" ");
    await inside.keyboard.press(key!);
  }
  const summary = inside.getByRole("region", { name: "Done for today" });
  await expect(summary).toContainText("3 reviews");
  for (const [name, count] of [["Again", 1], ["Hard", 0], ["Good", 1], ["Easy", 1]]) {
    await expect(summary.locator("dl > div").filter({ hasText: String(name) }).locator("dd")).toHaveText(String(count));
  }
  await expect(summary).toContainText("Next: 2 cards");
  await summary.getByRole("link", { name: "To the deck" }).click();
  await expect(rows(inside)).toHaveCount(2);
});

test("a grade that is refused puts its card back and says so", async ({ inside, person, expected }) => {
  expected.push(/500/);
  const { id } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await inside.route("**/reviews", (route) => route.fulfill({ status: 500, json: {} }));
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(inside.getByText(/^Your grade was not saved/)).toBeVisible();
  await expect(face(inside)).toContainText("Question 1");
  await expect(left(inside)).toHaveText("New 2Learning 0Due 0");
  await inside.unroute("**/reviews");
  for (const question of ["1", "2"]) {
    await expect(face(inside)).toContainText(`Question ${question}`);
    await inside.keyboard.press(" ");
    await inside.keyboard.press("3");
  }
  await expect(inside.getByText("2 reviews in")).toBeVisible();
  expect((await person.get(`/reviews/queue?deck_id=${id}`)).counts).toMatchObject({ new: 0, due: 0 });
});

test("a card that was changed elsewhere is shown as it is now", async ({ inside, person, expected }) => {
  expected.push(/409/);
  const { id, cards } = await deckOf(person, 1);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await person.post(`/cards/${cards[0]!.id}/reviews`, { rating: "again" });
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(inside.getByText(/reviewed or changed elsewhere/).first()).toBeVisible();
  await expect(left(inside)).toHaveText("New 0Learning 1Due 0");
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(inside.getByRole("heading", { name: "Done for today" })).toBeVisible();
});

test("while reviewing, e edits, @ suspends and ? tells the keys", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press("?");
  await expect(inside.getByRole("dialog", { name: "Keys" })).toBeVisible();
  await inside.keyboard.press("Escape");
  await inside.keyboard.press("e");
  await inside.getByLabel("Front").fill("Question 1, better");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(face(inside)).toContainText("Question 1, better");
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(face(inside)).toContainText("Question 2");
  await inside.keyboard.press("@");
  await expect(inside.getByRole("heading", { name: "Done for today" })).toBeVisible();
  expect((await person.get(`/cards/${cards[1]!.id}`)).suspended).toBe(true);
  expect((await person.get(`/cards/${cards[0]!.id}`)).repetitions).toBe(1);
});

test("while reviewing, - buries a card until tomorrow, which Undo takes back, and f with a digit flags it", async ({ inside, person }) => {
  const { id, cards } = await deckOf(person, 2);
  const first = () => person.get(`/cards/${cards[0]!.id}`);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press("f");
  await expect(inside.getByRole("dialog", { name: "Flag the card" })).toBeVisible();
  await inside.keyboard.press("3");
  await expect(inside.getByRole("dialog")).toHaveCount(0);
  await expect(face(inside)).toContainText("Flag: Green");
  expect((await first()).flag).toBe(3);

  await inside.keyboard.press("-");
  await expect(face(inside)).toContainText("Question 2");
  // What is told does not lie on what the thumb goes for.
  for (const size of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
    await inside.setViewportSize(size);
    const told = (await inside.getByText("Buried. The card comes up again tomorrow.").first().boundingBox())!;
    const reveal = (await inside.getByRole("button", { name: "Show answer" }).boundingBox())!;
    expect(told.y + told.height).toBeLessThanOrEqual(reveal.y);
  }
  await expect(left(inside)).toHaveText("New 1Learning 0Due 0");
  expect((await first()).buried_until).toBeTruthy();
  expect((await person.get(`/reviews/queue?deck_id=${id}`)).items).toHaveLength(1);
  await inside.getByRole("button", { name: "Undo", exact: true }).click();
  await expect.poll(async () => (await first()).buried_until).toBeNull();

  await inside.getByRole("button", { name: "More to do with the card" }).click();
  await inside.getByRole("menuitem", { name: "Flag the card (f)" }).click();
  await inside.getByRole("dialog").getByRole("button", { name: "7 Purple" }).click();
  await expect(face(inside)).toContainText("Flag: Purple");
  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(face(inside)).toContainText("Question 1");
  await expect.poll(async () => (await person.get(`/cards/${cards[1]!.id}`)).repetitions).toBe(1);
});

test("answers are typed and compared, by keys alone, on this device until it is switched off", async ({ inside, person }) => {
  const { id } = await deckOf(person, 3);
  const field = inside.getByRole("textbox", { name: "Your answer" });
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await inside.keyboard.press("t");
  await expect(field).toBeFocused();
  await inside.keyboard.type("answer 1 ");
  await inside.keyboard.press("Enter");
  await expect(face(inside).getByRole("status")).toHaveText("Just right");
  await inside.keyboard.press(" ");

  await expect(face(inside)).toContainText("Question 2");
  await expect(field).toBeFocused();
  await inside.keyboard.type("Anser 23");
  await inside.keyboard.press("Enter");
  await expect(face(inside).locator("del")).toHaveText(["3"]);
  await expect(face(inside).locator("ins")).toHaveText(["w"]);
  await inside.keyboard.press("3");

  await inside.reload();
  await expect(face(inside)).toContainText("Question 3");
  await expect(field).toBeFocused();
  await inside.keyboard.press("Enter");
  await expect(face(inside)).toContainText("Answer 3");
  await expect(face(inside).getByRole("status")).toHaveCount(0);
  await inside.getByRole("button", { name: "More to do with the card" }).click();
  await inside.getByRole("menuitem", { name: "Don't type the answers (t)" }).click();
  await inside.reload();
  await expect(face(inside)).toContainText("Question 3");
  await expect(field).toHaveCount(0);
});

test("what a card says is text: gaps, formulas and hostile markup", async ({ inside, person }) => {
  const deck = await person.post("/decks", { name: "<img src=x onerror=alert(1)>" });
  await person.post(`/decks/${deck.id}/cards`, {
    front: "<img src=x onerror=alert(1)> {{c1::Krebs::who}} found $x^2$ and $\\href{javascript:alert(1)}{y}$",
    back: "<script>alert(1)</script>\n[click](javascript:alert(1))",
  });
  let alerts = 0;
  inside.on("dialog", (dialog) => {
    alerts += 1;
    void dialog.dismiss();
  });
  await inside.goto(`/flashcards?deck=${deck.id}`);
  await expect(rows(inside)).toHaveCount(1);
  await inside.goto(`/flashcards?deck=${deck.id}&mode=review`);
  await expect(face(inside)).toContainText("[who]");
  await expect(face(inside)).not.toContainText("Krebs");
  await expect(face(inside).locator(".katex").first()).toBeVisible();
  await inside.keyboard.press(" ");
  await expect(face(inside).locator("mark")).toHaveText("Krebs");
  await expect(face(inside)).toContainText("<script>alert(1)</script>");
  expect(await face(inside).locator("img, script, a[href^=javascript]").count()).toBe(0);
  expect(alerts).toBe(0);
});

test("from the key to the next card, over fifty reviews (printed)", async ({ inside, person }) => {
  const { id } = await deckOf(person, 52);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  const took: number[] = [];
  for (let card = 1; card <= 50; card += 1) {
    await expect(face(inside)).toContainText(`Question ${card}`);
    await inside.keyboard.press(" ");
    await expect(face(inside)).toContainText(`Answer ${card}`);
    // In the page, up to the frame that shows it: the way to the browser and back is not the student's.
    await inside.evaluate((next) => {
      const state = window as unknown as { took: Promise<number> };
      state.took = new Promise((done) => {
        let begun = 0;
        window.addEventListener("keydown", () => (begun = performance.now()), { once: true, capture: true });
        new MutationObserver((_all, observer) => {
          if (!document.querySelector("article")?.textContent?.includes(next)) return;
          observer.disconnect();
          requestAnimationFrame(() => done(performance.now() - begun));
        }).observe(document.body, { subtree: true, childList: true, characterData: true });
      });
    }, `Question ${card + 1}`);
    await inside.keyboard.press("3");
    took.push(await inside.evaluate(() => (window as unknown as { took: Promise<number> }).took));
  }
  took.sort((a, b) => a - b);
  console.log(`key to next card: median ${took[25]!.toFixed(1)} ms, p95 ${took[47]!.toFixed(1)} ms`);
  await expect.poll(async () => (await person.get(`/reviews/queue?deck_id=${id}`)).counts.new).toBe(2);
});
