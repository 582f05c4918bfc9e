// What a driver has to do along a path, and where: a junction is only announced where one could go wrong. The
// twin of routing/guidance/manoeuvre_finding.py; both are held to the same answers.
import { isFast, isLink, isRamp } from "./path_junctions.js";

const [STRAIGHT_DEG, SLIGHT_DEG, SHARP_DEG, BACK_DEG] = [30, 50, 130, 170];
const CLEARLY_STRAIGHTER_DEG = 15;
const AT_ONCE_M = 3;
const WALK_MATTERS_M = 30;
const SLIP_LANE_M = 250;
const TURNING_BACK_M = 40;

function directionOf(angle) {
  const side = angle > 0 ? "right" : "left";
  const size = Math.abs(angle);
  if (size < STRAIGHT_DEG) return "straight";
  if (size < SLIGHT_DEG) return `slight_${side}`;
  if (size < SHARP_DEG) return side;
  return size < BACK_DEG ? `sharp_${side}` : "u_turn";
}

/** Which side to keep to: by where the other streets lead, not by the bend alone. */
function sideOfFork(angle, rivals) {
  const nearest = rivals.reduce((best, arm) => (Math.abs(arm.turn - angle) < Math.abs(best.turn - angle) ? arm : best));
  const rightOf = rivals.some(({ turn }) => turn > angle && Math.abs(turn) < SLIGHT_DEG);
  const leftOf = rivals.some(({ turn }) => turn < angle && Math.abs(turn) < SLIGHT_DEG);
  if (rightOf && leftOf) return "straight";
  return angle > nearest.turn ? "slight_right" : "slight_left";
}

/** The manoeuvres of a path, the departure first and the arrival last; `junctions`: PathJunctions. */
export function findManoeuvres(junctions) {
  const { path, edges, lastPoint } = junctions;
  const { bearing, side } = junctions.arrival();
  const walkM = path.goal.walkM ?? 0;
  const plain = { turn_deg: 0, exit_number: null, stays_on: false, walk_m: 0 };
  const departure = { ...plain, kind: "depart", direction: "straight", at: 0, point: 0, bearing_deg: junctions.line.bearing(0, 25), street_name: junctions.firstName() };
  const arrival = { ...plain, kind: "arrive", direction: side, at: edges.length, point: lastPoint.at(-1), bearing_deg: bearing, street_name: junctions.name.at(-1), walk_m: walkM >= WALK_MATTERS_M ? walkM : 0 };
  const found = [departure, ...turningBack(junctions, onTheWay(junctions)), arrival];
  return found.map((here, number) => followed(junctions, here, found[number + 1]));
}

function followed(junctions, here, next) {
  if (!next) return { ...here, followed_name: "", on_ramp: false, distance_m: 0, time_s: 0 };
  const lengthsM = new Map();
  let timeMs = 0;
  for (let at = here.at; at < next.at; at += 1) {
    const onRamp = isRamp(junctions.roadClass[at]) && !junctions.name[at];
    const key = JSON.stringify([onRamp, junctions.name[at]]);
    const weight = junctions.circling[at] ? 0.01 : 1; // nobody follows a roundabout by name
    lengthsM.set(key, (lengthsM.get(key) ?? 0) + junctions.lengthM[at] * weight);
    timeMs += junctions.path.timesMs[at];
  }
  const [longest] = [...lengthsM].reduce((best, each) => (each[1] > best[1] ? each : best));
  const [on_ramp, followed_name] = JSON.parse(longest);
  return { ...here, followed_name, on_ramp, distance_m: junctions.beginM[next.at] - junctions.beginM[here.at], time_s: timeMs / 1000 };
}

function make(junctions, kind, at, { direction = null, name = null, angle = null, exit = null } = {}) {
  const turn = angle ?? junctions.turn[at];
  const street_name = name ?? junctions.nameSoon(at);
  return {
    kind,
    direction: direction ?? directionOf(turn),
    at,
    point: junctions.lastPoint[at - 1],
    bearing_deg: junctions.departing[at],
    turn_deg: direction === "u_turn" ? 180 : turn,
    exit_number: exit,
    street_name,
    stays_on: street_name !== "" && street_name === junctions.name[at - 1],
    walk_m: 0,
  };
}

function onTheWay(junctions) {
  const { circling, beginM, edges } = junctions;
  const found = [];
  let next = 1;
  if (circling[0] && circling.includes(false)) {
    const leaving = circling.indexOf(false);
    found.push(make(junctions, "exit_roundabout", leaving));
    next = leaving + 1;
  }
  for (const junction of junctions.examined) {
    if (junction < next) continue;
    const [manoeuvre, after] = atJunction(junctions, junction);
    if (manoeuvre) found.push(manoeuvre);
    next = after;
  }
  // A driver who stands at a crossing departs into the street behind it.
  const uptoM = beginM[edges.length] - AT_ONCE_M;
  return found.filter(({ at }) => beginM[at] >= AT_ONCE_M && beginM[at] <= uptoM);
}

/** The manoeuvre at a junction, if any, and the next junction to look at. */
function atJunction(junctions, at) {
  const { edges, circling, roadClass } = junctions;
  if (edges[at] === (edges[at - 1] ^ 1)) return [make(junctions, "turn", at, { direction: "u_turn" }), at + 1];
  if (circling[at] && !circling[at - 1]) return roundabout(junctions, at);
  if (isLink(roadClass[at]) && !isLink(roadClass[at - 1]) && junctions.others[at].length) return ontoLink(junctions, at);
  if (isFast(roadClass[at]) && isRamp(roadClass[at - 1])) return [make(junctions, "merge", at, { direction: "straight" }), at + 1];
  return [turnAt(junctions, at), at + 1];
}

function roundabout(junctions, at) {
  const { edges, circling } = junctions;
  let leaving = at;
  while (leaving < edges.length && circling[leaving]) leaving += 1;
  if (leaving === edges.length) return [make(junctions, "roundabout", at, { direction: "straight" }), leaving];
  const passed = edges.slice(at, leaving - 1).reduce((sum, ring) => sum + junctions.exitsAt(ring), 0);
  const entry = make(junctions, "roundabout", at, { name: junctions.nameSoon(leaving), angle: junctions.between(at, leaving), exit: 1 + passed });
  return [entry, leaving + 1];
}

/** A turn for a short slip lane, a ramp for a long or a fast one. */
function ontoLink(junctions, at) {
  const { edges, roadClass, name, beginM } = junctions;
  let beyond = at;
  while (beyond < edges.length && isLink(roadClass[beyond])) beyond += 1;
  const side = sideOfFork(junctions.turn[at], junctions.others[at]);
  if (beginM[beyond] - beginM[at] > SLIP_LANE_M || isRamp(roadClass[at])) {
    const angle = junctions.turn[at];
    const whereto = Math.abs(angle) < SLIGHT_DEG ? side : directionOf(angle);
    return [make(junctions, "ramp", at, { direction: whereto, name: name[at] || (name[beyond] ?? "") }), at + 1];
  }
  if (beyond === edges.length) return [turnAt(junctions, at), at + 1];
  const angle = junctions.between(at, beyond);
  const straight = directionOf(angle) === "straight";
  if (straight && name[at - 1] === name[beyond]) return [null, beyond + 1];
  const direction = straight ? side : directionOf(angle);
  return [make(junctions, straight ? "keep" : "turn", at, { direction, name: junctions.nameSoon(beyond), angle }), beyond + 1];
}

/** A turn, a fork or a new name at an ordinary junction; null where it is obvious. */
function turnAt(junctions, at) {
  const angle = junctions.turn[at];
  const rivals = junctions.rivals(at);
  if (Math.abs(angle) >= SLIGHT_DEG) return junctions.couldGoWrong(at, rivals) ? make(junctions, "turn", at) : null;
  if (!junctions.forks(at, rivals)) return junctions.newNameMatters(at) ? make(junctions, "continue", at, { direction: "straight" }) : null;
  const straighter = rivals.some((arm) => Math.abs(arm.turn) + CLEARLY_STRAIGHTER_DEG < Math.abs(angle));
  if (straighter && Math.abs(angle) >= STRAIGHT_DEG) return make(junctions, "turn", at);
  return make(junctions, "keep", at, { direction: sideOfFork(angle, rivals) });
}

/** Successive turns that together turn back are one. */
function turningBack(junctions, found) {
  const joined = [];
  let done = 0;
  for (const one of found) {
    if (one.at <= done) continue;
    done = turnedBackAt(junctions, one);
    const name = junctions.name[done];
    joined.push(done ? { ...one, direction: "u_turn", turn_deg: 180, street_name: name, stays_on: name !== "", bearing_deg: junctions.departing[done] } : one);
  }
  return joined;
}

function turnedBackAt(junctions, one) {
  const { edges, beginM, name, roadClass, turn } = junctions;
  if (one.kind !== "turn" || one.direction === "u_turn") return 0;
  for (let at = one.at + 1; at < edges.length && beginM[at] - beginM[one.at] <= TURNING_BACK_M; at += 1) {
    const back = Math.abs(junctions.between(one.at, at)) > 180 - STRAIGHT_DEG;
    const sameStreet = name[at] === name[one.at - 1] && roadClass[at] === roadClass[one.at - 1];
    if (back && turn[at] * one.turn_deg > 0 && sameStreet) return at;
  }
  return 0;
}
