// Which part of the console this window shows: everything, the map alone, or the lists alone.
// theme.js has read the address before the first paint; this is the same value for modules.

export const VIEWS = ["all", "map", "queue"];

/** "all", "map" or "queue". */
export const view = VIEWS.includes(document.documentElement.dataset.view) ? document.documentElement.dataset.view : "all";

export const hasMap = view !== "queue";
export const hasLists = view !== "map";

/** Open another window on a part of the console; one that is open already comes to the front. */
export function openWindow(part) {
  return window.open(part === "all" ? "/" : `/?view=${part}`, `nearcrew-${part}`, "popup,width=1280,height=900");
}
