// After `next build`: what the server needs beside the exported files.
//  *.js           a hint for the browser in those that pages name
//  csp.json       for each page the hashes of its inline scripts, so that the policy can do without 'unsafe-inline'
//  sw.js          the service worker with the list of files to keep for offline use
//  *.br, *.gz     compressed once here instead of at every request
// It also refuses pages with inline styles, which the policy would silently ignore.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const OUT = path.resolve(import.meta.dirname, "../out");
const COMPRESSIBLE = /\.(html|js|css|txt|json|svg|webmanifest|xml)$/;
const LEAST_BYTES = 1_024;
/** https://v8.dev/blog/explicit-compile-hints */
const COMPILE_WHOLE = "//# allFunctionsCalledOnLoad\n";

const files = readdirSync(OUT, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(OUT, path.join(entry.parentPath, entry.name)))
  .filter((name) => !/\.(br|gz)$/.test(name) && name !== "csp.json")
  .sort();

const read = (name) => readFileSync(path.join(OUT, name));
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

function inlineScripts(html) {
  return [...html.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]);
}

/** The script files that a page names, without those for browsers that don't know modules. */
function scriptsOf(html) {
  return [...html.matchAll(/<script(?![^>]*\snomodule)[^>]*\ssrc="\/(_next\/[^"]+\.js)"/gi)].map((match) => match[1]);
}

function policies() {
  const pages = files.filter((name) => name.endsWith(".html"));
  const styled = pages.filter((name) => /<[^>]+\sstyle="|<style/.test(read(name).toString()));
  if (styled.length > 0) throw new Error(`inline styles, which the policy refuses: ${styled.join(", ")}`);
  return Object.fromEntries(
    pages.map((name) => [name, [...new Set(inlineScripts(read(name).toString()).map(hash))]]),
  );
}

function serviceWorker() {
  const kept = files.filter((name) => /^(_next\/static\/.*\.(js|css|woff2)|[^/]+\.(html|txt)|theme\.js|icon\.svg|icon-192\.png|manifest\.webmanifest)$/.test(name));
  const version = createHash("sha256");
  for (const name of kept) version.update(name).update(read(name));
  const urls = kept
    .filter((name) => !/(cyrillic|greek|vietnamese|KaTeX)/.test(name) && !/^(404\.html|robots\.txt|_not-found)/.test(name))
    .map((name) => "/" + name.replace(/(^|\/)index\.html$/, "$1").replace(/\.html$/, ""));
  const source = readFileSync(path.resolve(import.meta.dirname, "service-worker.js"), "utf8");
  return source
    .replace("__VERSION__", version.digest("hex").slice(0, 12))
    .replace("__FILES__", JSON.stringify(urls));
}

/** Files that a page names run at once and nearly whole: told so, the browser compiles them beside the page, not on its thread. */
function hintCompiling() {
  const named = new Set(files.filter((name) => name.endsWith(".html")).flatMap((name) => scriptsOf(read(name).toString())));
  for (const name of named) writeFileSync(path.join(OUT, name), Buffer.concat([Buffer.from(COMPILE_WHOLE), read(name)]));
}

hintCompiling();
writeFileSync(path.join(OUT, "csp.json"), JSON.stringify(policies(), null, 1));
writeFileSync(path.join(OUT, "sw.js"), serviceWorker());
for (const name of [...files.filter((one) => one !== "sw.js"), "sw.js"]) {
  if (!COMPRESSIBLE.test(name) || statSync(path.join(OUT, name)).size < LEAST_BYTES) continue;
  const bytes = read(name);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(path.join(OUT, `${name}.br`), brotliCompressSync(bytes, quality));
  writeFileSync(path.join(OUT, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
