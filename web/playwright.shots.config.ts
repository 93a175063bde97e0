import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

/** `make shots`: pictures of every page, from the same server as the tests. */
export default defineConfig({ ...tests, testMatch: "*.shots.ts", workers: 1, timeout: 300_000 });
