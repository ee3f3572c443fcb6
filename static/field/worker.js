// The service worker. VERSION, SHELL and LATER stand above this text, put there by the server (operations/device/shell.py).
// It keeps the shell, after it the rest of the app (map, files, type), and nothing else: no page with a record, no answer of the API, no photograph. What the app needs of those
// lies sealed in IndexedDB.
const CACHE = `field-${VERSION}`;
const PAGE = SHELL[0];
const KEPT = new Set([...SHELL, ...LATER].map((path) => new URL(path, self.location).href));

// All or nothing: a shell with a missing file is never used.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await Promise.all(SHELL.map(async (path) => {
      const response = await fetch(path, { cache: "reload", credentials: "same-origin" });
      if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`);
      await cache.put(path, response);
    }));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("field-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A newer version waits until the officer asks for it, or until every window of the older one is closed: never in mid-entry.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
  if (event.data === "keep the rest") event.waitUntil(keepRest(event.source));
});

// One by one, what is missing: a lost network leaves the rest for the next time.
async function keepRest(window) {
  const cache = await caches.open(CACHE);
  for (const path of LATER) {
    if (await cache.match(path)) continue;
    const response = await fetch(path, { cache: "reload", credentials: "same-origin" }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    await cache.put(path, response);
  }
  window?.postMessage("whole");
}

async function fromShell(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === new URL(PAGE, self.location).pathname) {
    event.respondWith(fromShell(PAGE));
    return;
  }
  if (KEPT.has(url.origin + url.pathname)) event.respondWith(fromShell(url.origin + url.pathname));
});
