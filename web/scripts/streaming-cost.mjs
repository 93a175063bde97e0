// What a chunk of a streamed answer costs in the browser: `node scripts/streaming-cost.mjs` prints the median, the
// 95th percentile and the sum, in milliseconds, of rendering an answer of 15,000 characters in chunks of 100.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "@playwright/test";
import { build } from "vite";

/** Of each chunk the quickest counts, lest what else the machine does be measured. */
const RUNS = 4;
const WEB = path.resolve(import.meta.dirname, "..");
const PAGE = `
import { createRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { IntlProvider } from "use-intl";
import Markdown from "@/components/markdown/markdown";
import { en } from "@/messages/en";

const PART = [
  "## Why dough rises",
  "Wild **yeast** eats sugar and gives off carbon dioxide [1], which the *gluten* holds back; see [the notes](https://example.org/).",
  "1. Feed the starter once a day with equal weights of flour and water.\\n2. Throw half of it away first [2].\\n3. Wait six hours.",
  "| Day | Flour | Water |\\n|---|---|---|\\n| 1 | 50 g | 50 g |\\n| 2 | 100 g | 100 g |",
  "\`\`\`python\\nfor day in range(7):\\n    feed(flour=50, water=50)\\n\\nbake()\\n\`\`\`",
  "$$\\nN(t) = N_0 2^{t / T}\\n$$",
  "With $T$ = 6 hours it doubles four times a day. ".repeat(6),
].join("\\n\\n");
const text = Array.from({ length: 25 }, () => PART).join("\\n\\n").slice(0, 15000);
const none = new Set();
const cite = () => null;
const root = createRoot(document.getElementById("root"));
const show = (shown) => flushSync(() => root.render(<IntlProvider locale="en" messages={en} timeZone="UTC"><Markdown text={shown} numbers={none} cite={cite} /></IntlProvider>));
window.measure = async () => {
  const times = [];
  for (let end = 100; end <= text.length; end += 100) {
    await new Promise(requestAnimationFrame);
    const began = performance.now();
    show(text.slice(0, end));
    times.push(performance.now() - began);
  }
  return times;
};
`;
const DYNAMIC = `import { lazy, Suspense, createElement } from "react";
export default (load) => { const Late = lazy(() => load().then((it) => ({ default: it }))); return (props) => createElement(Suspense, null, createElement(Late, props)); };`;

const place = mkdtempSync(path.join(WEB, "node_modules/.cost-"));
try {
  writeFileSync(path.join(place, "page.tsx"), PAGE);
  writeFileSync(path.join(place, "dynamic.tsx"), DYNAMIC);
  const bundle = await build({
    root: WEB,
    configFile: false,
    logLevel: "error",
    resolve: { alias: { "@": path.join(WEB, "src"), "next/dynamic": path.join(place, "dynamic.tsx") } },
    build: { write: false, rollupOptions: { input: path.join(place, "page.tsx"), output: { codeSplitting: false } } },
  });
  const files = [bundle].flat().flatMap((one) => one.output);
  const script = files.find((file) => file.type === "chunk").code;
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
  const page = await browser.newPage();
  await page.setContent('<div id="root"></div>');
  await page.addScriptTag({ content: script, type: "module" });
  await page.waitForFunction(() => "measure" in window);
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await page.evaluate(() => window.measure()));
  const times = runs[0].map((_, chunk) => Math.min(...runs.map((run) => run[chunk]))).sort((a, b) => a - b);
  await browser.close();
  const at = (share) => times[Math.floor(share * (times.length - 1))].toFixed(1);
  const sum = times.reduce((a, b) => a + b, 0).toFixed(0);
  console.log(`${times.length} chunks: median ${at(0.5)} ms, p95 ${at(0.95)} ms, greatest ${at(1)} ms, together ${sum} ms`);
} finally {
  rmSync(place, { recursive: true, force: true });
}
