import { expect } from "./fixtures";
import { WORDS } from "./slow-model";
import { alone, answer, ask, NOTES, plain, test } from "./streaming";

test.describe.configure({ mode: "serial" });

test("the first words stand there before the last are said, and grow", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("word5");
  const early = plain(await answer(inside).textContent());
  expect(early).not.toContain("end.");
  await expect(answer(inside)).toContainText("word30");
  await expect(inside.getByRole("status").filter({ hasText: "Answer:" })).toHaveCount(0);
  await expect(answer(inside)).toContainText(WORDS, { timeout: 30_000 });
  await expect(answer(inside)).toContainText("Answered by slow");
  await expect(inside.getByRole("status").filter({ hasText: "Answer:" })).toHaveCount(1);
  await expect(inside).toHaveURL(/thread=/);
});

for (const way of ["Esc", "the button"] as const) {
  test(`stopping by ${way} ends the answer and keeps what was said, after a reload, too`, async ({ inside, person }) => {
    await person.document("sourdough.md", NOTES);
    await inside.goto("/ai-tutor");
    await ask(inside, "What is a starter made of?");
    await expect(answer(inside)).toContainText("word8");
    if (way === "Esc") await inside.keyboard.press("Escape");
    else await inside.getByRole("button", { name: "Stop" }).click();
    await expect(answer(inside)).toContainText("You stopped this answer.");
    const kept = plain(await answer(inside).textContent());
    expect(kept).toContain("word8");
    expect(kept).not.toContain("end.");
    await inside.reload();
    await expect(answer(inside)).toContainText("You stopped this answer.");
    // What sets the text may come a moment after the text.
    await expect.poll(async () => plain(await answer(inside).textContent())).toBe(kept);
    await expect(inside.getByRole("button", { name: "Send" })).toBeVisible();
  });
}

test("a socket that is dropped in mid-answer loses and doubles no word", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  let opened = 0;
  await alone(inside);
  await inside.routeWebSocket(/\/ws$/, (ws) => {
    opened += 1;
    const number = opened;
    const server = ws.connectToServer();
    let deltas = 0;
    server.onMessage((message) => {
      deltas += String(message).includes("chat-delta") ? 1 : 0;
      if (number <= 2 && deltas > 3) return void ws.close({ code: 1012 });
      ws.send(message);
    });
  });
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  const seen: string[] = [];
  while (!seen.at(-1)?.includes("end.")) {
    await inside.waitForTimeout(150);
    const text = plain(await answer(inside).textContent());
    seen.push(/word1 .*?(?= ?Writing|$)/.exec(text)?.[0].trim() ?? "");
  }
  expect(opened).toBeGreaterThanOrEqual(3);
  for (const text of seen.slice(0, -1)) expect(WORDS.startsWith(text), text).toBe(true);
  await expect(answer(inside)).toContainText(WORDS);
});

test("formulas, code and tables of an answer are set, and code is copied by a button", async ({ inside, person, context, accessible }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("Answered by slow", { timeout: 30_000 });
  await expect(answer(inside).locator(".katex-display .katex-html")).toBeVisible();
  await expect(answer(inside).getByRole("cell", { name: "50 g" })).toBeVisible();
  await expect(answer(inside)).toContainText("python");
  await answer(inside).getByRole("button", { name: "Copy" }).first().click();
  expect(await inside.evaluate(() => navigator.clipboard.readText())).toBe("feed(50)");
  await accessible(inside);
  await inside.screenshot({ path: "test-results/tutor-rich.png" });
});

test("a page that is opened while an answer comes in shows all of it", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("word8");
  await inside.reload();
  await expect(answer(inside)).toContainText("Writing");
  await expect(answer(inside)).toContainText(WORDS, { timeout: 30_000 });
});

test("without WebSocket answers still stream in", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await alone(inside);
  await inside.routeWebSocket(/\/ws$/, (ws) => ws.close({ code: 1006 + 5 }));
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?");
  await expect(answer(inside)).toContainText("word8", { timeout: 30_000 });
  expect(plain(await answer(inside).textContent())).not.toContain("end.");
  await expect(answer(inside)).toContainText(WORDS, { timeout: 30_000 });
});

test("whoever scrolls up is left in peace, and gets down again by one press", async ({ inside, person }) => {
  await person.document("sourdough.md", NOTES);
  await inside.setViewportSize({ width: 360, height: 480 });
  await inside.goto("/ai-tutor");
  await ask(inside, "What is a starter made of?\n".repeat(15).trim());
  const box = inside.getByRole("region", { name: "Conversation" });
  await expect(answer(inside)).toContainText("word20");
  await box.evaluate((element) => element.scrollTo(0, 0));
  await expect(inside.getByRole("button", { name: "Jump to latest" })).toBeVisible();
  await expect(answer(inside)).toContainText("word60");
  expect(await box.evaluate((element) => element.scrollTop)).toBe(0);
  await inside.getByRole("button", { name: "Jump to latest" }).click();
  await expect(inside.getByRole("button", { name: "Jump to latest" })).toHaveCount(0);
  await expect(answer(inside)).toContainText("end.", { timeout: 30_000 });
  expect(await box.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)).toBeLessThan(50);
});
