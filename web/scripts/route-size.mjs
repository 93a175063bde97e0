// After the postbuild: how much JavaScript each page names in its HTML, as it goes over the wire (brotli). Fails the
// build when a page has more than a phone should wait for; what is loaded later, on demand, does not count.
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

const OUT = path.resolve(import.meta.dirname, "../out");
const MOST_BYTES = 175_000;

/** The scripts of a page that a browser of today loads. */
function scripts(html) {
  const tags = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\snomodule\b/i.test(tag));
  return [...new Set(tags.map((tag) => /\ssrc="([^"?]+)/.exec(tag)?.[1]).filter(Boolean))];
}

function bytes(src) {
  const file = path.join(OUT, src);
  return statSync(`${file}.br`, { throwIfNoEntry: false })?.size ?? statSync(file).size;
}

const sizes = readdirSync(OUT)
  .filter((name) => name.endsWith(".html"))
  .map((name) => [name, scripts(readFileSync(path.join(OUT, name), "utf8")).reduce((sum, src) => sum + bytes(src), 0)]);
for (const [name, size] of sizes) console.log(`${name.padEnd(22)} ${(size / 1000).toFixed(0).padStart(4)} kB`);
const heavy = sizes.filter(([, size]) => size > MOST_BYTES);
if (heavy.length > 0) {
  console.error(`more than ${MOST_BYTES / 1000} kB of JavaScript: ${heavy.map(([name]) => name).join(", ")}`);
  process.exit(1);
}
