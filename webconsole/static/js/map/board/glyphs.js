// SVG symbols of states for lists, legends and single pins. Colour-blind-safe colours, and a
// different outline for each.
import { svg } from "../../core/dom.js";
import { BOX, HEAD, headShape } from "./pins.js";
import { badgeShape, crewShape } from "./shapes.js";

/** The crew's sign for lists and legends: 24 units square. */
export function crewGlyph(state, { stale = false } = {}) {
  const { fill, line, cross } = crewShape(state);
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: `glyph crew-glyph s-${state}${stale ? " stale" : ""}`, "aria-hidden": "true" },
    fill && svg("path", { d: fill }),
    line && svg("path", { class: "bite", d: line }),
    cross && svg("path", { class: "cross", d: cross }),
  );
}

/**
 * An incident's pin where it is a single element: {id, state, priority}; its number beside it, if it
 * has one yet.
 */
export function incidentGlyph({ id, state, priority }) {
  const draft = state === "draft";
  const number = id === undefined ? null : String(id);
  const wide = 8 * (number?.length ?? 0) + 10;
  return svg(
    "svg",
    { viewBox: `0 0 ${BOX.width} ${BOX.height}`, class: `incident-glyph i-${state} p-${draft ? 3 : priority}`, "aria-hidden": "true" },
    number && svg("rect", { class: "plate", x: 32, y: HEAD.y - 9, width: wide, height: 18, rx: 3 }),
    number && svg("text", { x: 32 + wide / 2, y: HEAD.y + 4.7, "text-anchor": "middle" }, number),
    svg("path", { class: "pin", d: headShape(draft ? 3 : priority) }),
    svg(
      "g",
      { class: "badge", transform: `translate(${HEAD.x} ${HEAD.y})` },
      svg("circle", { r: HEAD.disc }),
      svg("path", { d: draft ? "M-3.6 0h7.2M0-3.6v7.2" : badgeShape(state) }),
    ),
  );
}

/** The head of a priority's pins, for legends. */
export function priorityGlyph(priority) {
  return svg(
    "svg",
    { viewBox: `0 0 ${BOX.width} ${BOX.height}`, class: `glyph priority-glyph p-${priority}`, "aria-hidden": "true" },
    svg("path", { class: "pin", d: headShape(priority) }),
  );
}

/** The small sign beside an incident's state word. */
export function incidentMark(state) {
  return svg(
    "svg",
    { viewBox: "-8 -8 16 16", class: `glyph incident-mark i-${state}`, "aria-hidden": "true" },
    svg("circle", { r: 7 }),
    svg("path", { d: badgeShape(state) }),
  );
}
