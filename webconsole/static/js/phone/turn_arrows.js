// Arrows for manoeuvres, drawn from kind and direction: nothing to read at a glance.
import { svg } from "../core/dom.js";

/** By how many degrees each direction turns away from straight on. */
const TURN_DEG = {
  straight: 0,
  slight_right: 40,
  right: 90,
  sharp_right: 135,
  slight_left: -40,
  left: -90,
  sharp_left: -135,
};

const stem = (d) => svg("path", { class: "stem", d });
const rad = (deg) => (deg * Math.PI) / 180;

/** A line from below to the middle and out at an angle, with a head at its end. */
function bent(turnDeg) {
  // Moved aside by what it reaches out, so that it stands in the middle.
  const [cx, cy] = [24 - Math.sin(rad(turnDeg)) * 8, 26];
  const reach = 16;
  const [dx, dy] = [Math.sin(rad(turnDeg)), -Math.cos(rad(turnDeg))];
  const tip = [cx + dx * reach, cy + dy * reach];
  return [stem(`M${cx} 44L${cx} ${cy}L${tip.join(" ")}`), head(tip, turnDeg)];
}

function head([x, y], turnDeg) {
  return svg("path", { class: "head", d: "M-8 3 0-7 8 3z", transform: `translate(${x} ${y}) rotate(${turnDeg})` });
}

function uTurn() {
  return [stem("M31 44V20a8 8 0 0 0-16 0v10"), head([15, 32], 180)];
}

function roundabout(direction, exit) {
  const turn = direction === "u_turn" ? 180 : TURN_DEG[direction] ?? 0;
  const [dx, dy] = [Math.sin(rad(turn)), -Math.cos(rad(turn))];
  const tip = [24 + dx * 19, 22 + dy * 19];
  return [
    svg("circle", { class: "ring", cx: 24, cy: 22, r: 9.5 }),
    stem("M24 46V32"),
    stem(`M${24 + dx * 10} ${22 + dy * 10}L${tip.join(" ")}`),
    head(tip, turn),
    exit ? svg("text", { x: 24, y: 26.4, "text-anchor": "middle" }, String(exit)) : null,
  ];
}

function arrival(direction) {
  const side = direction.includes("right") ? 1 : direction.includes("left") ? -1 : 0;
  const x = 24 + side * 13;
  return [
    stem("M24 46V8"),
    svg("path", { class: "goal", d: `M${x} 34c-6-8-8-11-8-15a8 8 0 0 1 16 0c0 4-2 7-8 15z` }),
    svg("circle", { class: "hole", cx: x, cy: 19, r: 3 }),
  ];
}

const DRAW = {
  depart: () => bent(0),
  turn: ({ direction }) => (direction === "u_turn" ? uTurn() : bent(TURN_DEG[direction] ?? 0)),
  keep: ({ direction }) => [svg("path", { class: "other", d: `M${direction.includes("left") ? "28 28 40" : "20 28 8"} 10` }), bent(direction.includes("left") ? -30 : direction.includes("right") ? 30 : 0)].flat(),
  continue: ({ direction }) => bent(TURN_DEG[direction] ?? 0),
  ramp: ({ direction }) => [svg("path", { class: "other", d: "M24 44V8" }), bent(direction.includes("left") ? -40 : 40)].flat(),
  merge: ({ direction }) => [svg("path", { class: "other", d: `M${direction.includes("left") ? 12 : 36} 42 24 26` }), bent(0)].flat(),
  roundabout: ({ direction, exit_number: exit }) => roundabout(direction, exit),
  exit_roundabout: ({ direction }) => roundabout(direction, null),
  arrive: ({ direction }) => arrival(direction),
};

/** The arrow of a step; what it means is said in words beside it. */
export function arrow(step) {
  const draw = DRAW[step.kind] ?? DRAW.continue;
  return svg("svg", { viewBox: "-3 -5 54 54", class: "arrow", "aria-hidden": "true", data: { kind: step.kind, direction: step.direction } }, draw(step));
}
