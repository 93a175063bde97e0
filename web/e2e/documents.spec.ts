import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import path from "node:path";
import { DOCUMENTS, expect, test } from "./fixtures";

const file = (name: string) => path.join(DOCUMENTS, name);
const rows = (page: Page) => page.getByRole("list", { name: "Documents", exact: true }).getByRole("listitem");
const uploads = (page: Page) => page.getByRole("list", { name: "Uploads" }).getByRole("listitem");
const choose = (page: Page, files: string | string[] | { name: string; mimeType: string; buffer: Buffer }) =>
  page.getByLabel("Files to upload").first().setInputFiles(files);
const big = (bytes: number) => ({
  name: "big.txt",
  mimeType: "text/plain",
  buffer: Buffer.from("The starter ferments. ".repeat(bytes / 22)),
});

/** Paragraphs about nothing, one that matters, and more about nothing: as much as stays one part of the document. */
const filler = Array.from({ length: 8 }, (_, n) => `Paragraph ${n} tells of weather, hats and harbours. `.repeat(8)).join("\n\n");
const SECRET = "The quokka keeps its zymurgy notes beneath the third lighthouse.";
const BOOK = `# Opening\n\nA short beginning.\n\n# The long part\n\n${filler}\n\n${SECRET}\n\n${filler}\n`;

async function slow(page: Page, bytesPerSecond: number): Promise<void> {
  const line = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  const speed = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesPerSecond };
  await line.send("Network.emulateNetworkConditions", speed);
}

test("several files are uploaded at once and all become ready by themselves", async ({ inside }) => {
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  await choose(inside, ["sourdough.pdf", "sourdough.docx", "sourdough.epub"].map(file));
  await expect(rows(inside)).toHaveCount(3);
  await expect(rows(inside).filter({ hasText: /\d pages?/ })).toHaveCount(3, { timeout: 45_000 });
  await expect(inside.getByRole("progressbar")).toHaveCount(0);
  await expect(uploads(inside)).toHaveCount(0);
});

test("files dropped anywhere on the page are uploaded", async ({ inside }) => {
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  const content = readFileSync(file("sourdough.md"), "utf8");
  const dropped = await inside.evaluateHandle((text) => {
    const carried = new DataTransfer();
    carried.items.add(new File([text], "first.md", { type: "text/markdown" }));
    carried.items.add(new File([`${text} more`], "second.md", { type: "text/markdown" }));
    return carried;
  }, content);
  await inside.dispatchEvent("body", "dragenter", { dataTransfer: dropped });
  await expect(inside.getByText("Drop the files to upload them")).toBeVisible();
  await inside.dispatchEvent("main", "drop", { dataTransfer: dropped });
  await expect(inside.getByText("Drop the files to upload them")).toHaveCount(0);
  await expect(rows(inside)).toHaveCount(2);
  await expect(rows(inside).filter({ hasText: "first.md" })).toContainText(/\d pages?/, { timeout: 45_000 });
});

test("selected words are asked about, or become a card", async ({ inside, person, accessible }) => {
  const id = await person.document("tides.md", "# Tides\n\nThe moon pulls the water of the sea twice a day.");
  const deck = await person.post("/decks", { name: "Sea" });
  const select = () =>
    inside.getByText("The moon pulls").evaluate((element) => {
      const node = [...element.childNodes].find((one) => one.textContent?.includes("The moon"))!;
      const at = node.textContent!.indexOf("The moon");
      document.getSelection()!.setBaseAndExtent(node, at, node, at + "The moon pulls the water".length);
    });
  await inside.goto(`/documents?doc=${id}`);
  await select();
  const tools = inside.getByRole("toolbar", { name: "With the selected words" });
  await accessible(inside);
  await tools.getByRole("button", { name: "Make a card" }).click();
  const dialog = inside.getByRole("dialog", { name: "Make a card" });
  await expect(dialog.getByLabel("Back")).toHaveValue("The moon pulls the water");
  await dialog.getByRole("button", { name: "Add card" }).click();
  await expect(dialog.getByText("Write a question on the front")).toBeVisible();
  await dialog.getByLabel("Front").fill("What moves the sea?");
  await accessible(inside);
  await dialog.getByRole("button", { name: "Add card" }).click();
  await expect(inside.getByText("The card is in “Sea”.", { exact: true })).toBeVisible();
  const [card] = (await person.get(`/decks/${deck.id}/cards`)).items;
  expect(card).toMatchObject({ front: "What moves the sea?", back: "The moon pulls the water" });
  await select();
  await tools.getByRole("button", { name: "Ask about it" }).click();
  await expect(inside.getByLabel("Your question")).toHaveValue("What does this mean: “The moon pulls the water”?");
  await expect(inside.getByRole("button", { name: "Remove tides" })).toBeVisible();
});

test("the bar of an upload rises, and cancelling stops it", async ({ inside, person }) => {
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  await slow(inside, 150_000);
  await choose(inside, big(2_000_000));
  const bar = inside.getByRole("progressbar", { name: "Sending big.txt" });
  const value = async () => Number(await bar.getAttribute("aria-valuenow"));
  await expect.poll(value).toBeGreaterThan(0);
  const early = await value();
  await expect.poll(value).toBeGreaterThan(early);
  expect(await value()).toBeLessThan(100);
  await inside.getByRole("button", { name: "Cancel big.txt" }).click();
  await expect(uploads(inside)).toHaveCount(0);
  expect((await person.get("/documents")).items).toEqual([]);
});

test("files that can't be read are named, each with what to do", async ({ inside, expected }) => {
  expected.push(/4(15|22)|Unprocessable|Unsupported/);
  await inside.goto("/documents");
  await choose(inside, { name: "tune.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3 la la la") });
  const wrong = uploads(inside).filter({ hasText: "tune.mp3" });
  await expect(wrong.getByRole("alert")).toContainText("Save it as PDF");
  await choose(inside, { name: "void.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) });
  await expect(uploads(inside).filter({ hasText: "void.txt" }).getByRole("alert")).toContainText("The file is empty");
  await choose(inside, { name: "torn.pdf", mimeType: "application/pdf", buffer: readFileSync(file("sourdough.pdf")).subarray(0, 700) });
  await expect(rows(inside).filter({ hasText: "torn.pdf" })).toContainText("The file is damaged", { timeout: 45_000 });
  await choose(inside, [file("locked.pdf"), file("drawing.pdf")]);
  await expect(rows(inside).filter({ hasText: "locked.pdf" })).toContainText("protected by a password", { timeout: 45_000 });
  await expect(rows(inside).filter({ hasText: "drawing.pdf" })).toContainText("If its pages are pictures, run text recognition", { timeout: 45_000 });
  await wrong.getByRole("button", { name: "Dismiss tune.mp3" }).click();
  await expect(wrong).toHaveCount(0);
});

test("a file that is too big is told so", async ({ inside, expected }) => {
  expected.push(/413|Large|ERR_/);
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  const large = await inside.evaluateHandle(() => {
    const carried = new DataTransfer();
    carried.items.add(new File([new Uint8Array(53 * 1024 * 1024).fill(65)], "huge.txt", { type: "text/plain" }));
    return carried;
  });
  await inside.dispatchEvent("main", "drop", { dataTransfer: large });
  const refused = uploads(inside).filter({ hasText: "huge.txt" }).getByRole("alert");
  await expect(refused).toContainText("too big", { timeout: 45_000 });
});

test("the same file again is already there", async ({ inside, person }) => {
  await person.document("first.md", BOOK);
  await inside.goto("/documents");
  await expect(rows(inside)).toHaveCount(1);
  await choose(inside, { name: "again.md", mimeType: "text/markdown", buffer: Buffer.from(BOOK) });
  await expect(uploads(inside).filter({ hasText: "again.md" })).toContainText("Already there");
  await expect(rows(inside)).toHaveCount(1);
});

test("an upload that fails on the server arrives with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.goto("/documents");
  await inside.route("**/api/v1/documents", (route) => route.fulfill({ status: 500, json: {} }), { times: 1 });
  await choose(inside, file("sourdough.txt"));
  await expect(uploads(inside).getByRole("alert")).toContainText("Something went wrong");
  await uploads(inside).getByRole("button", { name: "Try again" }).click();
  await expect(uploads(inside)).toHaveCount(0);
  await expect(rows(inside).filter({ hasText: "sourdough.txt" })).toBeVisible();
});

test("an access token that has run out is renewed once in the middle of an upload", async ({ inside, expected }) => {
  expected.push(/401/);
  await inside.goto("/documents");
  await expect(inside.getByText("No documents yet")).toBeVisible();
  let renewed = 0;
  inside.on("request", (request) => (renewed += Number(request.url().endsWith("/auth/refresh"))));
  await inside.route("**/api/v1/documents", (route) => route.fulfill({ status: 401, json: {} }), { times: 1 });
  await choose(inside, file("sourdough.txt"));
  await expect(rows(inside).filter({ hasText: "sourdough.txt" })).toBeVisible();
  expect(renewed).toBe(1);
});

test("a link to a passage opens its page with the passage marked in sight, and Back closes it", async ({ inside, person }) => {
  const id = await person.document("lighthouse.md", BOOK);
  const { results } = await person.post("/search", { query: "quokka zymurgy lighthouse" });
  const { chunk_id, locator } = results[0];
  await inside.goto("/documents");
  await expect(rows(inside)).toHaveCount(1);
  await inside.goto(`/documents?doc=${id}&page=${locator.number}&chunk=${chunk_id}`);
  const mark = inside.locator("article mark");
  await expect(mark).toContainText("The quokka keeps its zymurgy notes");
  await expect(mark).toBeInViewport();
  expect(await inside.evaluate(() => window.scrollY)).toBeGreaterThan(500);
  await inside.reload();
  await expect(mark).toBeInViewport();
  await inside.goBack();
  await expect(rows(inside)).toHaveCount(1);
});

test("a link to a passage that is gone still opens the page", async ({ inside, person, expected }) => {
  expected.push(/404/);
  const id = await person.document("lighthouse.md", BOOK);
  await inside.goto(`/documents?doc=${id}&page=2&chunk=${id}`);
  await expect(inside.getByRole("article")).toContainText("tells of weather");
  await expect(inside.locator("article mark")).toHaveCount(0);
});

test("a search leads to the page that says it", async ({ inside, person }) => {
  await person.document("lighthouse.md", BOOK);
  await inside.goto("/documents");
  await inside.getByRole("searchbox").fill("Where are the zymurgy notes?");
  await inside.keyboard.press("Enter");
  const first = inside.getByRole("list", { name: "Passages" }).getByRole("listitem").first();
  await expect(first).toContainText("lighthouse.md");
  await expect(first.locator("mark").first()).toHaveText(/zymurgy|notes/);
  await first.getByRole("link").click();
  await expect(inside.locator("article mark")).toBeInViewport();
  await expect(inside.getByRole("heading", { level: 1 })).toBeVisible();
  await inside.goBack();
  await expect(first).toBeVisible();
});

test("the reader turns pages by button, number and arrow keys, and Back leads out of it", async ({ inside, person }) => {
  await person.document("lighthouse.md", BOOK);
  await inside.goto("/documents");
  await rows(inside).getByRole("button").first().click();
  const page = inside.getByLabel("Page number");
  await expect(page).toHaveValue("1");
  await expect(inside.getByRole("article")).toContainText("A short beginning.");
  await expect(inside.getByRole("button", { name: "Previous page" })).toBeDisabled();
  await inside.getByRole("button", { name: "Next page" }).click();
  await expect(page).toHaveValue("2");
  await expect(inside.getByRole("article")).toContainText("tells of weather");
  await inside.getByRole("heading", { level: 1 }).click();
  await inside.keyboard.press("ArrowLeft");
  await expect(inside.getByRole("article")).toContainText("A short beginning.");
  await page.fill("2");
  await page.press("Enter");
  await expect(inside).toHaveURL(/page=2/);
  await inside.goBack();
  await expect(rows(inside)).toHaveCount(1);
});

test("the reader tells what a document is about, gives the original, and leads to tutor and cards", async ({ inside, person }) => {
  const id = await person.document("sourdough.pdf", readFileSync(file("sourdough.pdf")), "application/pdf");
  await inside.goto(`/documents?doc=${id}`);
  const about = inside.getByRole("complementary", { name: "About this document" });
  await expect(about.getByRole("link", { name: "Ask about this document" })).toHaveAttribute("href", `/ai-tutor?doc=${id}`);
  await expect(about.getByRole("link", { name: "Make cards" })).toHaveAttribute("href", `/flashcards?from=${id}`);
  await expect(about).toContainText("Key concepts");
  const [download] = await Promise.all([
    inside.waitForEvent("download"),
    about.getByRole("button", { name: "Download the original" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("sourdough.pdf");
  expect(readFileSync(await download.path()).equals(readFileSync(file("sourdough.pdf")))).toBe(true);
});

test("names and texts from a hostile file are words and nothing else", async ({ inside }) => {
  let struck = 0;
  inside.on("dialog", (dialog) => {
    struck += 1;
    void dialog.dismiss();
  });
  await inside.goto("/documents");
  const evil = "<img src=x onerror=alert(1)>";
  const buffer = Buffer.from(`# ${evil}\n\n<script>alert(2)</script> [link](javascript:alert(3)) ${evil} zymurgy`);
  await choose(inside, { name: `${evil}.md`, mimeType: "text/markdown", buffer });
  const row = rows(inside).filter({ hasText: `${evil}.md` });
  await expect(row).toContainText(/\d pages?/, { timeout: 45_000 });
  await row.getByRole("button").first().click();
  await expect(inside.getByRole("article")).toContainText("zymurgy");
  await inside.goto("/documents?q=zymurgy");
  await expect(inside.getByRole("list", { name: "Passages" })).toContainText("zymurgy");
  expect(await inside.locator("main img, main script, main a[href^='javascript']").count()).toBe(0);
  expect(struck).toBe(0);
});

test("title and subject are changed, and the list is narrowed to the subject", async ({ inside, person }) => {
  await person.document("one.md", BOOK);
  await person.document("two.md", `${BOOK} other`);
  await inside.goto("/documents");
  const menu = (title: string) => rows(inside).filter({ hasText: title }).getByRole("button", { name: /^More about/ });
  await menu("two.md").click();
  await inside.getByRole("menuitem", { name: "Edit" }).click();
  await inside.getByRole("textbox", { name: "Title" }).fill("Field notes");
  await inside.getByRole("dialog").getByLabel("Subject").fill("Zoology");
  await inside.getByRole("button", { name: "Save" }).click();
  await expect(rows(inside).filter({ hasText: "Field notes" })).toContainText("Zoology");
  await inside.getByRole("combobox", { name: "Subject" }).selectOption("Zoology");
  await expect(rows(inside)).toHaveCount(1);
  await inside.getByRole("combobox", { name: "Subject" }).selectOption("");
  await inside.getByRole("combobox", { name: "Order" }).selectOption("-title");
  await expect(rows(inside)).toHaveCount(2);
});

test("a document is read again on wish, and deleted only after a question", async ({ inside, person }) => {
  await person.document("one.md", BOOK);
  await inside.goto("/documents");
  const more = rows(inside).getByRole("button", { name: /^More about/ });
  await more.click();
  await inside.getByRole("menuitem", { name: "Read again" }).click();
  await expect(rows(inside)).toContainText(/\d pages?/);
  await more.click();
  await inside.getByRole("menuitem", { name: "Delete" }).click();
  await inside.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  await expect(rows(inside)).toHaveCount(1);
  await more.click();
  await inside.getByRole("menuitem", { name: "Delete" }).click();
  await inside.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(inside.getByText("No documents yet")).toBeVisible();
  expect((await person.get("/documents")).items).toEqual([]);
});

test("a library that can't be had says so and comes with another try", async ({ inside, expected }) => {
  expected.push(/500/);
  await inside.route("**/api/v1/documents?*", (route) => route.fulfill({ status: 500, json: {} }));
  await inside.goto("/documents");
  await expect(inside.getByRole("main").getByRole("alert")).toBeVisible({ timeout: 20_000 });
  await inside.unroute("**/api/v1/documents?*");
  await inside.getByRole("button", { name: "Try again" }).click();
  await expect(inside.getByText("No documents yet")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`library, search and reader are accessible in ${theme} and fit a small phone`, async ({ inside, person, accessible, expected }) => {
    expected.push(/4(15|22)/);
    await inside.emulateMedia({ colorScheme: theme });
    const id = await person.document(`${"Longwordwithoutanyspaces".repeat(4)}.md`, BOOK);
    const [{ chunk_id, locator }] = (await person.post("/search", { query: "zymurgy" })).results;
    await inside.goto("/documents");
    await expect(rows(inside)).toHaveCount(1);
    await choose(inside, { name: "tune.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3 la") });
    await expect(uploads(inside).getByRole("alert")).toBeVisible();
    const look = async (name: string) => {
      await accessible(inside);
      await inside.screenshot({ path: `test-results/shots/documents-${name}-${theme}.png` });
      await inside.setViewportSize({ width: 360, height: 640 });
      expect(await inside.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      await inside.screenshot({ path: `test-results/shots/documents-${name}-${theme}-phone.png` });
      await inside.setViewportSize({ width: 1280, height: 800 });
    };
    await look("library");
    await rows(inside).getByRole("button", { name: /^More about/ }).click();
    await inside.getByRole("menuitem", { name: "Delete" }).click();
    await expect(inside.getByRole("dialog")).toBeVisible();
    await accessible(inside);
    await inside.goto("/documents?q=zymurgy");
    await expect(inside.getByRole("list", { name: "Passages" })).toBeVisible();
    await look("search");
    await inside.goto(`/documents?doc=${id}&page=${locator.number}&chunk=${chunk_id}`);
    await expect(inside.locator("article mark")).toBeInViewport();
    await look("reader");
  });
}
