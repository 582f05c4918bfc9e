// Shapes of states. Colour-blind-safe colours, and a different outline for each: on a dim
// screen at the far end of the desk the outline is what is left.
import { svg } from "../dom.js";

const CREW = {
  idle: () => svg("circle", { cx: 12, cy: 12, r: 6.5 }),
  offered: () => svg("path", { d: "M12 3.6 20.4 12 12 20.4 3.6 12z" }),
  accepted: () => svg("rect", { x: 5.6, y: 5.6, width: 12.8, height: 12.8, rx: 2 }),
  en_route: () => svg("path", { d: "M12 3.8 20.4 19H3.6z" }),
  on_scene: () => svg("path", { d: "M12 3.8 19.2 8v8L12 20.2 4.8 16V8z" }),
  on_break: () => svg("g", {}, svg("circle", { cx: 12, cy: 12, r: 6.5 }), svg("path", { class: "bite", d: "M10.2 9.2v5.6M13.8 9.2v5.6" })),
  off_duty: () => svg("path", { class: "cross", d: "M7.5 7.5l9 9M16.5 7.5l-9 9" }),
};

/** The crew's sign for lists and legends: 24 units square. */
export function crewGlyph(state, { stale = false } = {}) {
  const shape = (CREW[state] ?? CREW.off_duty)();
  return svg("svg", { viewBox: "0 0 24 24", class: `glyph crew-glyph s-${state}${stale ? " stale" : ""}`, "aria-hidden": "true" }, shape);
}

/** The crew's marker: the same sign with a beak that points where it heads. */
export function crewMarker(state, { stale = false } = {}) {
  const beak = svg("path", { class: "beak", d: "M12 -6.5 18.5 3 12 0.6 5.5 3z" });
  return {
    beak,
    node: svg(
      "svg",
      { viewBox: "-8 -8 40 40", class: `crew-glyph s-${state}${stale ? " stale" : ""}`, "aria-hidden": "true" },
      svg("circle", { class: "ring", cx: 12, cy: 12, r: 14.5 }),
      svg("g", { class: "heading" }, beak),
      (CREW[state] ?? CREW.off_duty)(),
    ),
  };
}

const BADGE = {
  open: "M0-3.4v4M0 2.8v.4",
  assigned: "M-1.6-3 1.6 0-1.6 3",
  on_scene: "M-3 0h6M0-3v6",
  resolved: "M-3 .2-.8 2.4 3-2.4",
  closed: "M-3 .2-.8 2.4 3-2.4",
  cancelled: "M-2.4-2.4l4.8 4.8M2.4-2.4l-4.8 4.8",
};

/** An incident's sign: a pin with its priority, and a badge that says how far it is. */
export function incidentGlyph(incident) {
  return svg(
    "svg",
    { viewBox: "0 0 34 40", class: `incident-glyph i-${incident.state} p-${incident.priority}`, "aria-hidden": "true" },
    svg("path", { class: "pin", d: "M15 38.5C9 29.5 3 23.6 3 15.4a12 12 0 0 1 24 0c0 8.2-6 14.1-12 23.1z" }),
    svg("text", { x: 15, y: 20, "text-anchor": "middle" }, String(incident.priority)),
    svg(
      "g",
      { class: "badge", transform: "translate(27 7)" },
      svg("circle", { r: 6.2 }),
      svg("path", { d: BADGE[incident.state] ?? BADGE.closed }),
    ),
  );
}

/** The small sign beside an incident's state word. */
export function incidentMark(state) {
  return svg(
    "svg",
    { viewBox: "-8 -8 16 16", class: `glyph incident-mark i-${state}`, "aria-hidden": "true" },
    svg("circle", { r: 7 }),
    svg("path", { d: BADGE[state] ?? BADGE.closed }),
  );
}
