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
function bent(turnDeg, { aside = 8 } = {}) {
  // A sharp turn comes back down: it bends high up and reaches far, clear of the line it came from.
  const sharp = Math.abs(turnDeg) > 90;
  // Moved aside by what it reaches out, so that it stands in the middle.
  const [cx, cy] = [24 - Math.sin(rad(turnDeg)) * (sharp ? 16 : aside), sharp ? 10 : 26];
  const reach = sharp ? 27 : Math.abs(turnDeg) === 90 ? 19 : 17;
  const [dx, dy] = [Math.sin(rad(turnDeg)), -Math.cos(rad(turnDeg))];
  const tip = [cx + dx * reach, cy + dy * reach];
  return [stem(`M${cx} 44L${cx} ${cy}L${tip.join(" ")}`), head(tip, turnDeg)];
}

function head([x, y], turnDeg) {
  return svg("path", { class: "head", d: "M-8.5 3 0-8 8.5 3z", transform: `translate(${x} ${y}) rotate(${turnDeg})` });
}

function uTurn() {
  return [stem("M31 44V20a8 8 0 0 0-16 0v10"), head([15, 32], 180)];
}

function roundabout(direction, exit) {
  const turn = direction === "u_turn" ? -180 : TURN_DEG[direction] ?? 0;
  const [dx, dy] = [Math.sin(rad(turn)), -Math.cos(rad(turn))];
  // Who leaves it near where they came in came in on the other side of the middle.
  const inX = Math.abs(turn) < 135 ? 24 : 24 - Math.sign(turn) * 8;
  const outX = direction === "u_turn" ? 16 : 24;
  const [from, tip] = [[outX + dx * 10, 22 + dy * 10], [outX + dx * 18, 22 + dy * (direction === "u_turn" ? 15 : 18)]];
  return [
    svg("circle", { class: "ring", cx: 24, cy: 22, r: 10 }),
    stem(`M${inX} 46V${inX === 24 ? 32 : 28}`),
    stem(`M${from.join(" ")}L${tip.join(" ")}`),
    head(tip, turn),
    exit ? svg("text", { x: 24, y: 26.6, "text-anchor": "middle" }, String(exit)) : null,
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
  ramp: ({ direction }) => [svg("path", { class: "other", d: "M24 22V0" }), bent(direction.includes("left") ? -50 : 50, { aside: 0 })].flat(),
  merge: ({ direction }) => [svg("path", { class: "other", d: `M${direction.includes("left") ? 7 : 41} 44 24 24` }), bent(0)].flat(),
  roundabout: ({ direction, exit_number: exit }) => roundabout(direction, exit),
  exit_roundabout: ({ direction }) => roundabout(direction, null),
  arrive: ({ direction }) => arrival(direction),
};

/** The arrow of a step; what it means is said in words beside it. */
export function arrow(step) {
  const draw = DRAW[step.kind] ?? DRAW.continue;
  return svg("svg", { viewBox: "-4 -6 56 56", class: "arrow", "aria-hidden": "true", data: { kind: step.kind, direction: step.direction } }, draw(step));
}
