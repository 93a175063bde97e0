// Keeps the shell of the application for offline use. Answers of the API are kept by the pages themselves, for the
// person who is logged in, and never here.
const VERSION = "__VERSION__";
const CACHE = `shell-${VERSION}`;
const FILES = __FILES__;
const OWN = new Set(FILES);
const LONGEST_WAIT_MS = 5_000;

self.addEventListener("install", (event) => event.waitUntil(keepShell()));

// One after the other: the page that is open has more use for the few connections that a browser makes to a server.
async function keepShell() {
  const cache = await caches.open(CACHE);
  for (const file of FILES) {
    if (!(await cache.match(file))) await cache.add(file);
  }
}

// The version before stays: tabs that were opened with it may still ask for its files, which the server has no more.
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith("shell-") && name !== CACHE).slice(0, -1))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page asks for this when the person agrees to the new version; nothing is reloaded in the middle of a review.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (url.pathname.startsWith("/_next/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate") {
    event.respondWith(fromNetwork(request, () => page(url)));
  } else if (OWN.has(url.pathname)) {
    event.respondWith(fromNetwork(request, () => kept(url.pathname)));
  }
});

// A network that says nothing is no better than none.
async function fromNetwork(request, otherwise) {
  const answer = fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT_MS)).then(otherwise);
  try {
    return (await Promise.race([answer, late])) ?? (await answer);
  } catch {
    return (await otherwise()) ?? Response.error();
  }
}

async function page(url) {
  return (await kept(url.pathname)) ?? (await kept("/today"));
}

async function kept(address) {
  const cache = await caches.open(CACHE);
  return cache.match(address);
}
