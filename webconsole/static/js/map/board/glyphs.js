// SVG symbols of states for lists, legends and single pins. Colour-blind-safe colours, and a
// different outline for each.
import { svg } from "../../core/dom.js";
import { PIN, badgeShape, crewShape } from "./shapes.js";

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

/** An incident's sign: a pin with its priority, and a badge that says how far it is. */
export function incidentGlyph(incident) {
  return svg(
    "svg",
    { viewBox: "0 0 34 40", class: `incident-glyph i-${incident.state} p-${incident.priority}`, "aria-hidden": "true" },
    svg("path", { class: "pin", d: PIN }),
    svg("text", { x: 15, y: 20, "text-anchor": "middle" }, String(incident.priority)),
    svg(
      "g",
      { class: "badge", transform: "translate(27 7)" },
      svg("circle", { r: 6.2 }),
      svg("path", { d: badgeShape(incident.state) }),
    ),
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
