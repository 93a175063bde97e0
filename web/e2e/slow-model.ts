import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const PROJECT = path.resolve(import.meta.dirname, "../..");
const PAUSE_MS = 50;

/** So many words that they can be counted and cut off. */
export const WORDS = `${Array.from({ length: 120 }, (_, n) => `word${n + 1}`).join(" ")} end.`;

/** What the slow model says: a citation, one of everything that Markdown has, then the words. */
const SAID = [
  "A starter is made of flour and water [1].",
  "$$\nx^2 + y^2\n$$",
  "```python\nfeed(50)\n```",
  "| Day | Flour |\n|---|---|\n| 1 | 50 g |",
  WORDS,
].join("\n\n");

export type Slow = { url: string; close: () => Promise<void> };

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A language model of the usual protocol that says one word at a time. */
async function model(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const words = SAID.split(/(?<=\s)/);
    const send = (content: string | null, finish: string | null) =>
      response.write(
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "slow", choices: [{ index: 0, delta: content === null ? {} : { role: "assistant", content }, finish_reason: finish }] })}\n\n`,
      );
    const timer = setInterval(() => {
      const word = words.shift();
      if (word !== undefined) return void send(word, null);
      clearInterval(timer);
      send(null, "stop");
      response.end("data: [DONE]\n\n");
    }, PAUSE_MS);
    response.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGINT");
  const timer = setTimeout(() => child.kill("SIGKILL"), 20_000);
  await gone;
  clearTimeout(timer);
}

/** Study Teddy on a fresh database, with the slow model to answer. */
export async function startSlow(): Promise<Slow> {
  const slow = await model();
  const home = mkdtempSync(path.join(tmpdir(), "teddy-slow-"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(path.join(PROJECT, ".venv/bin/python"), ["-m", "studyteddy", "serve", "--port", String(port)], {
    cwd: home,
    stdio: "ignore",
    env: {
      ...process.env,
      STUDYTEDDY_HOME: path.join(home, "home"),
      STUDYTEDDY_BCRYPT_ROUNDS: "4",
      STUDYTEDDY_LLM_PROVIDER: "compatible",
      STUDYTEDDY_OPENAI_BASE_URL: slow.url,
      STUDYTEDDY_CHAT_MODEL: "slow",
    },
  });
  const close = async () => {
    await ended(child);
    slow.close();
    rmSync(home, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 180; tries += 1) {
    const ready = await fetch(`${url}/health/ready`).then((answer) => answer.ok, () => false);
    if (ready) return { url, close };
    await new Promise((next) => setTimeout(next, 500));
  }
  await close();
  throw new Error("the server with the slow model did not start");
}
