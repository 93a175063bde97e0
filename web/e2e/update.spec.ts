import http from "node:http";
import net from "node:net";
import type { AddressInfo } from "node:net";
import { deckOf, face } from "./decks";
import { expect, test as base } from "./fixtures";

/** A door in front of the server that can, from one request to the next, have another version of the service worker. */
class Site {
  private readonly server: http.Server;
  private version: string | null = null;

  constructor(private readonly behind: URL) {
    this.server = http.createServer((request, response) => this.pass(request, response));
    this.server.on("upgrade", (request, socket) => {
      const onward = net.connect(Number(behind.port), behind.hostname, () => {
        const headers = request.rawHeaders.map((part, at) => (at % 2 ? `${part}\r\n` : `${part}: `)).join("");
        onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  deploy(version: string): void {
    this.version = version;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url, headers } = request;
    const isWorker = url === "/sw.js" && this.version !== null;
    const asked = isWorker ? { ...headers, "accept-encoding": "identity", "if-none-match": "" } : headers;
    const onward = http.request({ host: this.behind.hostname, port: this.behind.port, method, path: url, headers: asked }, (answer) => {
      if (!isWorker) {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        return void answer.pipe(response);
      }
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const script = Buffer.concat(parts).toString().replace(/const VERSION = "[^"]*"/, `const VERSION = "${this.version}"`);
        const policy = String(answer.headers["content-security-policy"]);
        response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-cache", "Content-Security-Policy": policy });
        response.end(script);
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }
}

const port = Number(process.env.E2E_PORT ?? 8123);

const test = base.extend<{ site: Site }>({
  site: async ({}, use) => {
    const site = new Site(new URL(`http://127.0.0.1:${port}`));
    await use(site);
    site.close();
  },
  baseURL: async ({ site }, use) => {
    await use(await site.open());
  },
});

const shells = () => caches.keys().then((names) => names.filter((name) => name.startsWith("shell-")));

test("a new version is offered, waits for the end of the review, and comes by one press", async ({ inside, person, site, context }) => {
  const { id, cards } = await deckOf(person, 2);
  await inside.goto(`/flashcards?deck=${id}&mode=review`);
  await expect(face(inside)).toContainText("Question 1");
  await expect.poll(() => inside.evaluate(shells), { timeout: 30_000 }).toHaveLength(1);
  await expect.poll(() => inside.evaluate(() => Boolean(navigator.serviceWorker.controller)), { timeout: 30_000 }).toBe(true);
  await inside.evaluate(() => Object.assign(window, { sameDocument: true }));

  site.deploy("the-next-one");
  await inside.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration())?.update()));
  const offer = inside.getByRole("status", { name: "Connection" }).filter({ hasText: "There is a new version of Study Teddy." });
  await expect(offer).toBeVisible({ timeout: 30_000 });
  const other = await context.newPage();
  await other.addInitScript(() => localStorage.setItem("session", "1"));
  await other.goto("/tasks");
  await expect(other.getByText("Nothing to do yet")).toBeVisible();

  await inside.keyboard.press(" ");
  await inside.keyboard.press("3");
  await expect(face(inside)).toContainText("Question 2");
  expect(await inside.evaluate(() => "sameDocument" in window)).toBe(true);
  await Promise.all([inside.waitForEvent("load"), offer.getByRole("button", { name: "Reload" }).click()]);
  expect(await inside.evaluate(() => "sameDocument" in window)).toBe(false);
  await expect(face(inside)).toContainText("Question 2");
  await expect(offer).toHaveCount(0);
  expect(await inside.evaluate(shells)).toContain("shell-the-next-one");
  expect((await person.get(`/cards/${cards[0]!.id}`)).repetitions).toBe(1);

  // The other tab was asked, not reloaded, and still finds the files that it was made of.
  await expect(other.getByText("There is a new version of Study Teddy.")).toBeVisible();
  expect(await other.evaluate(shells)).toHaveLength(2);
});
