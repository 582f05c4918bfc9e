// The crew page's service worker: the page opens without signal, and pushes ring with it closed.
//
// The page comes from the network; from what was kept if that does not answer within 3 s. Files of
// the build are kept under names that never change. All else (what is told to the server, the
// stream, the API) goes by as if there were no worker. `self.build` is written above by the server.
import { takePushes } from "../deliveries/pushes.js";
import { FILES_CACHE, PAGE_CACHE, PAGE_PATH, asKept, buildOf, isAway, isLasting, isPage, isTooOld, kindOf, staleCaches } from "./worker_rules.js";

const PATIENCE_MS = 3000;
const KEPT_AT = "X-Kept-At";
const { version, files } = self.build;

async function keepPage(answer) {
  const headers = new Headers(answer.headers); // its policies, too
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const nowMs = Date.now();
  headers.set(KEPT_AT, String(nowMs));
  const cache = await caches.open(PAGE_CACHE);
  await cache.put(PAGE_PATH, new Response(asKept(await answer.text(), nowMs), { headers }));
}

async function keptPage() {
  const found = await caches.match(PAGE_PATH, { cacheName: PAGE_CACHE });
  if (!found || !isTooOld(Number(found.headers.get(KEPT_AT)), Date.now())) return found;
  await caches.delete(PAGE_CACHE);
  return undefined;
}

/** Fetch the page to keep it: the first one was loaded before there was a worker. */
async function fetchPage() {
  const answer = await fetch(PAGE_PATH, { redirect: "manual", headers: { Accept: "text/html" } });
  if (isPage(answer)) await keepPage(answer);
}

async function page(event) {
  const asking = fetch(event.request);
  event.waitUntil(asking.then((answer) => isPage(answer) && keepPage(answer.clone())).catch(() => {}));
  const heard = asking.then((answer) => (isAway(answer) ? null : answer), () => null);
  const first = await Promise.race([heard, new Promise((done) => setTimeout(done, PATIENCE_MS, null))]);
  return first ?? (await keptPage()) ?? asking;
}

async function file({ request }) {
  const kept = await caches.match(request.url, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (isLasting(answer)) {
    const copy = answer.clone();
    const cache = await caches.open(FILES_CACHE + buildOf(request.url));
    cache.put(request.url, copy).catch(() => {}); // the disk is full
  }
  return answer;
}

/** Take over from a former worker where no second window would find itself in another build. */
async function takeOverAlone() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.filter(({ url }) => new URL(url).pathname === PAGE_PATH).length <= 1) await self.skipWaiting();
}

async function tidy() {
  const kept = await caches.match(PAGE_PATH, { cacheName: PAGE_CACHE });
  const stale = staleCaches(await caches.keys(), { version, pageHtml: await kept?.text() });
  await Promise.all(stale.map((name) => caches.delete(name)));
}

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES_CACHE + version).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const kind = kindOf(event.request, self.location.origin);
  if (kind === "page") event.respondWith(page(event));
  else if (kind === "file") event.respondWith(file(event));
});

self.addEventListener("message", (event) => {
  const { ask } = event.data ?? {};
  if (ask === "take over") event.waitUntil(self.skipWaiting());
  else if (ask === "take over alone") event.waitUntil(takeOverAlone());
  else if (ask === "keep page") event.waitUntil(fetchPage().catch(() => {}));
  else if (ask === "version") event.ports[0]?.postMessage(version);
});

takePushes();
