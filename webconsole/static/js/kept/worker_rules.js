// What the crew page's service worker answers, and what it keeps: rules without a browser.

export const PAGE_PATH = "/crew";
/** The kept page: it holds what one person may see. */
export const PAGE_CACHE = "nearcrew-page";
/** Files of one build each: "nearcrew-files-3f2a…". */
export const FILES_CACHE = "nearcrew-files-";
export const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
const SPARE_BUILDS = 2;
const FILE = /^\/static\/([0-9a-f]{16})\//;
const GATEWAYS = [502, 503, 504];

/** "page" or "file" for what is answered here; null for what goes to the server as without a worker. */
export function kindOf({ method, mode, url }, origin) {
  const { origin: asked, pathname } = new URL(url);
  if (method !== "GET" || asked !== origin) return null;
  if (mode === "navigate") return pathname === PAGE_PATH ? "page" : null;
  return FILE.test(pathname) ? "file" : null;
}

/** The build a file is of. */
export const buildOf = (url) => FILE.exec(new URL(url).pathname)?.[1] ?? null;

/** Whether an answer is the crew's page: no redirect to another, no failure. */
export const isPage = ({ status, redirected, type, headers }) =>
  status === 200 && !redirected && type === "basic" && (headers.get("Content-Type") ?? "").startsWith("text/html");

/** Whether an answer says no more than that the server behind a proxy is away. */
export const isAway = ({ status }) => GATEWAYS.includes(status);

/** Whether a file may be kept: the server marks those that are of the build that was asked for. */
export const isLasting = ({ status, headers }) => status === 200 && (headers.get("Cache-Control") ?? "").includes("immutable");

/** The page as it is kept: it then says of itself that it is, and since when. */
export const asKept = (html, nowMs) => html.replace("<html ", `<html data-kept="${nowMs}" `);

export const isTooOld = (keptMs, nowMs) => !(nowMs - keptMs < KEPT_DAYS * DAY_MS);

/**
 * Which caches of files are of no use any more.
 *
 * Those of the worker's own build, of the kept page's and the newest others stay: windows that were
 * not loaded anew yet may still ask for them.
 */
export function staleCaches(names, { version, pageHtml }) {
  const files = names.filter((name) => name.startsWith(FILES_CACHE));
  const needed = new Set([FILES_CACHE + version, ...files.slice(-SPARE_BUILDS)]);
  for (const [, build] of (pageHtml ?? "").matchAll(/\/static\/([0-9a-f]{16})\//g)) needed.add(FILES_CACHE + build);
  return files.filter((name) => !needed.has(name));
}
