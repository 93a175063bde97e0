import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type APIRequestContext, type Page } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";

export const PASSWORD = "seven purple hedgehogs";
export const DOCUMENTS = path.resolve(import.meta.dirname, "../../tests/fixtures/documents");

const API = "/api/v1";

/** Somebody with an account of their own, and requests in their name. */
export class Person {
  constructor(
    readonly request: APIRequestContext,
    readonly email: string,
    private readonly token: string,
  ) {}

  private async send<T>(method: string, path: string, options: object): Promise<T> {
    const headers = { Authorization: `Bearer ${this.token}` };
    const answer = await this.request.fetch(API + path, { method, headers, ...options });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer.status() === 204 ? (undefined as T) : ((await answer.json()) as T);
  }

  get<T = any>(path: string): Promise<T> { // eslint-disable-line @typescript-eslint/no-explicit-any
    return this.send("GET", path, {});
  }

  post<T = any>(path: string, data: unknown = {}): Promise<T> { // eslint-disable-line @typescript-eslint/no-explicit-any
    return this.send("POST", path, { data });
  }

  /** Upload a file, which is then read. */
  upload(name: string, content: Buffer | string, mimeType: string): Promise<{ document: { id: string } }> {
    return this.send("POST", "/documents", { multipart: { file: { name, mimeType, buffer: Buffer.from(content) } } });
  }

  patch<T = any>(path: string, data: unknown = {}): Promise<T> { // eslint-disable-line @typescript-eslint/no-explicit-any
    return this.send("PATCH", path, { data });
  }

  /** Upload a file and wait until it is read; the id of its document. */
  async document(name: string, content: Buffer | string, mimeType = "text/markdown"): Promise<string> {
    const { document } = await this.upload(name, content, mimeType);
    await expect(async () => {
      expect((await this.get(`/documents/${document.id}`)).status).toBe("ready");
    }).toPass({ timeout: 45_000 });
    return document.id;
  }
}

type Fixtures = {
  /** Somebody who has just registered over the API. */
  person: Person;
  /** A page on which `person` is logged in. */
  inside: Page;
  /** Reports every violation that axe finds on the page as it is now. */
  accessible: (page: Page) => Promise<void>;
  /** What may appear in the console of this test, such as the browser's own line about a 500 that it provokes. */
  expected: RegExp[];
};

export const test = base.extend<Fixtures>({
  expected: async ({}, use) => {
    await use([]);
  },

  // Fails a test on any CSP violation, console error, crash of a script, or request to somebody else.
  page: async ({ page, baseURL, expected }, use) => {
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
    page.on("pageerror", (error) => faults.push(`${error.message}\n${error.stack}`));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== "data:" && protocol !== "blob:" && origin !== baseURL) faults.push(`foreign: ${request.url()}`);
    });
    await use(page);
    const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
    expect(unexpected, "console errors, CSP violations, foreign requests").toEqual([]);
  },

  person: async ({ request }, use) => {
    const email = `ada-${randomUUID()}@example.org`;
    const body = { email, password: PASSWORD, display_name: "Ada", time_zone: "Europe/Berlin" };
    const answer = await request.post(`${API}/auth/register`, { data: body });
    expect(answer.status(), await answer.text()).toBe(201);
    await use(new Person(request, email, (await answer.json()).access_token));
  },

  inside: async ({ page, person }, use) => {
    await logIn(page, person);
    await use(page);
  },

  accessible: async ({}, use) => {
    await use(async (page) => {
      const found = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        .analyze();
      const told = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
      expect(told).toEqual([]);
    });
  },
});

/** Put the log-in's cookie into the page's browser, as the form would. */
export async function logIn(page: Page, person: Person): Promise<void> {
  const body = { email: person.email, password: PASSWORD, use_cookie: true };
  const answer = await page.request.post(`${API}/auth/login`, { data: body });
  expect(answer.status(), await answer.text()).toBe(200);
  await page.addInitScript(() => localStorage.setItem("session", "1"));
}

/** Give roles to somebody as an operator does, on the machine of the server. */
export function setRoles(person: { email: string }, ...roles: string[]): void {
  const home = process.env.E2E_HOME!;
  const python = path.resolve(import.meta.dirname, "../../.venv/bin/python");
  execFileSync(python, ["-m", "studyteddy", "user", "set-roles", person.email, ...roles], {
    cwd: home,
    env: { ...process.env, STUDYTEDDY_HOME: path.join(home, "home") },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

export { expect };
