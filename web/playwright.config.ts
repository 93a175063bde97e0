import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "@playwright/test";

const port = Number(process.env.E2E_PORT ?? 8123);
const project = path.resolve(import.meta.dirname, "..");
// Playwright loads this file in every worker; the directory belongs to the run.
const home = (process.env.E2E_HOME ??= mkdtempSync(path.join(tmpdir(), "teddy-")));

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: Number(process.env.E2E_WORKERS ?? 2),
  // A shared machine stands still for seconds now and then. What passes at the second try alone is listed as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: process.env.CI ? "line" : "list",
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: `${path.join(project, ".venv/bin/python")} -m studyteddy serve --port ${port}`,
    url: `http://127.0.0.1:${port}/health/ready`,
    cwd: home,
    env: {
      STUDYTEDDY_HOME: path.join(home, "home"),
      STUDYTEDDY_BCRYPT_ROUNDS: "4",
      // Each test makes an account of its own, all from one address.
      STUDYTEDDY_REGISTRATIONS_PER_HOUR: "10000",
    },
    timeout: 90_000,
    gracefulShutdown: { signal: "SIGINT", timeout: 20_000 },
    stdout: "ignore",
    stderr: "ignore",
  },
});
