// Outlines of states, drawn once and used twice: as SVG in lists, as bitmaps on the map.
// All are paths in a square of 24 units around (12, 12); on a dim screen at the far end of the
// desk the outline is what is left of a state.

/** `fill`: the body; `line`: strokes without a body. */
export const CREW_SHAPES = {
  idle: { fill: "M18.5 12a6.5 6.5 0 1 1-13 0 6.5 6.5 0 1 1 13 0z" },
  offered: { fill: "M12 3.6 20.4 12 12 20.4 3.6 12z" },
  accepted: { fill: "M7.6 5.6h8.8a2 2 0 0 1 2 2v8.8a2 2 0 0 1-2 2H7.6a2 2 0 0 1-2-2V7.6a2 2 0 0 1 2-2z" },
  en_route: { fill: "M12 3.8 20.4 19H3.6z" },
  on_scene: { fill: "M12 3.8 19.2 8v8L12 20.2 4.8 16V8z" },
  on_break: { fill: "M18.5 12a6.5 6.5 0 1 1-13 0 6.5 6.5 0 1 1 13 0z", line: "M10.2 9.2v5.6M13.8 9.2v5.6" },
  off_duty: { cross: "M7.5 7.5l9 9M16.5 7.5l-9 9" },
};

export const crewShape = (state) => CREW_SHAPES[state] ?? CREW_SHAPES.off_duty;

/** Points where a crew heads; north here, turned around the middle. */
export const BEAK = "M12 -6.5 18.5 3 12 0.6 5.5 3z";

/** How far an incident is, around (0, 0): a question asked, a crew that stands, one that drives, …. */
const BADGES = {
  open: "M0-3.4v4M0 2.8v.4",
  offered: "M-2-1.5a2 2 0 1 1 2.7 1.9C.2.7 0 1 0 1.4M0 3.4v.2",
  accepted: "M-2.4-2.4h4.8v4.8h-4.8z",
  assigned: "M-2-1.5a2 2 0 1 1 2.7 1.9C.2.7 0 1 0 1.4M0 3.4v.2",
  en_route: "M-3.4 0h6.4M.4-2.8 3.4 0 .4 2.8",
  on_scene: "M-3 0h6M0-3v6",
  due_later: "M0-3.2v3.2l2.2 1.6",
  made_safe: "M-3 0h6",
  resolved: "M-3 .2-.8 2.4 3-2.4",
  closed: "M-3 .2-.8 2.4 3-2.4",
  cancelled: "M-2.4-2.4l4.8 4.8M2.4-2.4l-4.8 4.8",
};

export const badgeShape = (state) => BADGES[state] ?? BADGES.closed;
