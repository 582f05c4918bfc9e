// Registry of what other rooms bring to the crew's page: a screen that asks for something, lines under
// an order, a bar below everything. Each room registers its own; the page asks all of them.
import { ApiError } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { emit } from "../core/store.js";

const parts = [];

/** Where the docks of all parts stand, those that came later too. */
export const dockBox = el("div.docks");

/**
 * A part; all but `id` may be left out:
 *   id      unique
 *   order   which of several goes first; the least does
 *   urgent  its screen comes before an order that rings, not only before those in hand
 *   screen  () => null, or {key, node(), ring?, title?}: takes the whole screen as long as it is not null.
 *           `key`: a text; while it stays, the node stays. `ring`: which sound, as for `Ringer.start`.
 *           `title`: what the window's title says meanwhile.
 *           A notice to be confirmed, and an answer being written, come before it.
 *   lines   (order) => nodes under an order's place and words, on every screen of the order
 *   below   (order) => nodes at the end of what stands above the buttons, as long as an order is driven to
 *   look    (order) => text that changes whenever `lines` would say something else
 *   finish  (order, goOn) => true if it asks something before the order ends, and calls `goOn()` then
 *   dock    node that stands below all screens
 *   load    () => Promise; the page loads its crew and orders anew, and so does the part
 *   heard   (event) => an event of the live stream
 *   tick    () => every second
 * A part that changes by itself says so: `emit("crew-part")`.
 */
export function addCrewPart(part) {
  parts.push({ order: 50, ...part });
  parts.sort((a, b) => a.order - b.order);
  if (part.dock) fill(dockBox, parts.map(({ dock }) => dock).filter(Boolean));
  emit("crew-part");
}

/** The screen of the part that goes first, or null. */
export function screenOfParts({ urgent }) {
  for (const part of parts) {
    const screen = urgent && !part.urgent ? null : part.screen?.();
    if (screen) return { ...screen, key: `${part.id} ${screen.key}` };
  }
  return null;
}

export const linesOfParts = (order) => parts.flatMap((part) => part.lines?.(order) ?? []);

export const belowOfParts = (order) => parts.flatMap((part) => part.below?.(order) ?? []);

export const lookOfParts = (order) => parts.map((part) => part.look?.(order) ?? "").join("|");

/** Let each ask what it has to before an order ends; `goOn` follows at once where none does. */
export const finishWithParts = (order, goOn) => parts.some((part) => part.finish?.(order, goOn)) || goOn();

/** Load what all of them show; one that cannot be had now is asked for again the next time. */
export const loadParts = () =>
  Promise.all(parts.map((part) => part.load?.().catch((error) => {
    if (!(error instanceof ApiError)) throw error;
  })));

export const tellParts = (event) => parts.forEach((part) => part.heard?.(event));

export const tickParts = () => parts.forEach((part) => part.tick?.());
