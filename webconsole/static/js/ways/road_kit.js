// The roads around a place, as a phone keeps them: unpacks the file that routing/ways/packing.py
// writes into the arrays that a search needs.
import { metresPerDegree } from "../crs/geodesy.js";

const FORMAT = 1;
const PER_DEGREE = 1e6;
const TICK_MS = 10;
const SHARES = 10000;
const [SIGNED_FORWARD, SIGNED_BACKWARD, ROUNDABOUT, BUILT, MAIN, ALIKE] = [1, 2, 4, 8, 16, 32];

/** Whole numbers of seven bits a byte, the lowest first; `signed`: 0, -1, 1, -2 are written 0, 1, 2, 3. */
function numbers(bytes, signed) {
  const found = new Int32Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) {
    let value = bytes[at] & 127;
    for (let shift = 7; bytes[at++] & 128; shift += 7) value |= (bytes[at] & 127) << shift;
    found[count] = signed ? (value >>> 1) ^ -(value & 1) : value;
  }
  return found.subarray(0, count);
}

function summed(steps) {
  for (let at = 1; at < steps.length; at += 1) steps[at] += steps[at - 1];
  return steps;
}

function columnsOf(bytes, ends) {
  const parts = new Map();
  let begin = 0;
  for (const [name, end] of ends) {
    parts.set(name, bytes.subarray(begin, end));
    begin = end;
  }
  return (name, { signed = false } = {}) => numbers(parts.get(name), signed);
}

/** Where each key's entries begin in a list sorted by key; one more than there are keys. */
function starts(keys, count) {
  const first = new Int32Array(count + 1);
  for (const key of keys) first[key + 1] += 1;
  return summed(first);
}

/**
 * A network of the file's bytes, or null where they are of another format. A directed edge is
 * `2 * street + direction`; a state is an edge, or one of the doubles that remember a restriction begun.
 */
export function unpack(buffer) {
  const bytes = new Uint8Array(buffer);
  const zero = bytes.indexOf(0);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, zero)));
  if (head.format !== FORMAT) return null;
  const column = columnsOf(bytes.subarray(zero + 1), head.columns);
  const kit = { ...head, streetCount: head.counts.streets, edgeCount: 2 * head.counts.streets };
  const [lon0, lat0] = head.place;
  const scale = metresPerDegree(lat0);
  kit.toX = (lon) => (lon - lon0) * scale.x;
  kit.toY = (lat) => (lat - lat0) * scale.y;
  kit.lonLat = (x, y) => [lon0 + x / scale.x, lat0 + y / scale.y];
  readStreets(kit, column);
  readTurns(kit, column);
  readLines(kit, column);
  for (const closure of kit.closures) {
    closure.begin = closure.begin.map((share) => share / SHARES);
    closure.end = closure.end.map((share) => share / SHARES);
  }
  return kit;
}

function readStreets(kit, column) {
  const { streetCount, edgeCount } = kit;
  const from = summed(column("from"));
  const to = column("to", { signed: true }).map((step, street) => from[street] + step);
  const flags = column("flags");
  const ticks = column("ticks");
  kit.edgeFrom = new Int32Array(edgeCount);
  kit.edgeTo = new Int32Array(edgeCount);
  kit.signed = new Uint8Array(edgeCount);
  kit.edgeMs = new Int32Array(edgeCount); // 0: may not be driven
  kit.roundabout = new Uint8Array(streetCount);
  kit.built = new Uint8Array(streetCount);
  kit.main = new Uint8Array(streetCount);
  kit.street_class = column("class");
  kit.name = column("name");
  let tick = 0;
  for (let street = 0; street < streetCount; street += 1) {
    const [out, back, flag] = [2 * street, 2 * street + 1, flags[street]];
    kit.edgeFrom[out] = kit.edgeTo[back] = from[street];
    kit.edgeTo[out] = kit.edgeFrom[back] = to[street];
    kit.signed[out] = flag & SIGNED_FORWARD ? 1 : 0;
    kit.signed[back] = flag & SIGNED_BACKWARD ? 1 : 0;
    kit.roundabout[street] = flag & ROUNDABOUT ? 1 : 0;
    kit.built[street] = flag & BUILT ? 1 : 0;
    kit.main[street] = flag & MAIN ? 1 : 0;
    if (kit.contraflow || kit.signed[out]) kit.edgeMs[out] = TICK_MS * ticks[tick++];
    if (kit.contraflow || kit.signed[back]) kit.edgeMs[back] = flag & ALIKE ? kit.edgeMs[out] : TICK_MS * ticks[tick++];
  }
  kit.leavingStart = starts(kit.edgeFrom, kit.counts.nodes);
  kit.leaving = new Int32Array(edgeCount); // all edges by the node they leave, rising
  const next = kit.leavingStart.slice();
  for (let edge = 0; edge < edgeCount; edge += 1) kit.leaving[next[kit.edgeFrom[edge]]++] = edge;
}

function readTurns(kit, column) {
  const doubles = column("double_edge");
  const cost = column("turn_cost");
  const doubled = summed(column("doubled_turn"));
  const doubledTo = column("doubled_to");
  const states = kit.edgeCount + doubles.length;
  kit.stateCount = states;
  kit.stateEdge = new Int32Array(states);
  for (let state = 0; state < states; state += 1) kit.stateEdge[state] = state < kit.edgeCount ? state : doubles[state - kit.edgeCount];
  kit.turnStart = new Int32Array(states + 1);
  kit.turnTo = new Int32Array(cost.length); // of permitted turns only
  kit.turnMs = new Int32Array(cost.length);
  const instead = new Map();
  for (let at = 0; at < doubled.length; at += 1) instead.set(doubled[at], kit.edgeCount + doubledTo[at]);
  let [turn, kept] = [0, 0];
  for (let state = 0; state < states; state += 1) {
    const edge = kit.stateEdge[state];
    if (kit.edgeMs[edge]) {
      const node = kit.edgeTo[edge];
      for (let at = kit.leavingStart[node]; at < kit.leavingStart[node + 1]; at += 1) {
        const into = kit.leaving[at];
        if (!kit.edgeMs[into]) continue;
        if (cost[turn]) {
          kit.turnTo[kept] = instead.size && instead.has(turn) ? instead.get(turn) : into;
          kit.turnMs[kept] = kit.costs_ms[cost[turn]];
          kept += 1;
        }
        turn += 1;
      }
    }
    kit.turnStart[state + 1] = kept;
  }
}

/** Lines in metres around the centre, both ends included, and how far along its street each point is. */
function readLines(kit, column) {
  const nodeLon = summed(column("node_lon", { signed: true }));
  const nodeLat = summed(column("node_lat", { signed: true }));
  const inner = column("points");
  const [lon, lat] = [column("lon", { signed: true }), column("lat", { signed: true })];
  const total = lon.length + kit.edgeCount;
  kit.lineStart = new Int32Array(kit.streetCount + 1);
  kit.lineX = new Float64Array(total);
  kit.lineY = new Float64Array(total);
  kit.lineAtM = new Float64Array(total);
  kit.lengthM = new Float64Array(kit.streetCount);
  kit.edgeX = new Float64Array(kit.edgeCount); // where each edge begins
  kit.edgeY = new Float64Array(kit.edgeCount);
  let [point, step] = [0, 0];
  const put = (atLon, atLat, first) => {
    kit.lineX[point] = kit.toX(atLon / PER_DEGREE);
    kit.lineY[point] = kit.toY(atLat / PER_DEGREE);
    if (!first) kit.lineAtM[point] = kit.lineAtM[point - 1] + Math.hypot(kit.lineX[point] - kit.lineX[point - 1], kit.lineY[point] - kit.lineY[point - 1]);
    point += 1;
  };
  for (let street = 0; street < kit.streetCount; street += 1) {
    const [begin, end] = [kit.edgeFrom[2 * street], kit.edgeTo[2 * street]];
    let [atLon, atLat] = [nodeLon[begin], nodeLat[begin]];
    put(atLon, atLat, true);
    for (const last = step + inner[street]; step < last; step += 1) put((atLon += lon[step]), (atLat += lat[step]), false);
    put(nodeLon[end], nodeLat[end], false);
    kit.lengthM[street] = kit.lineAtM[point - 1];
    for (const [edge, at] of [[2 * street, kit.lineStart[street]], [2 * street + 1, point - 1]]) {
      kit.edgeX[edge] = kit.lineX[at];
      kit.edgeY[edge] = kit.lineY[at];
    }
    kit.lineStart[street + 1] = point;
  }
}

/** The place at a share of a directed edge: [x, y] in metres around the centre. */
export function placeOn(kit, edge, share) {
  const street = edge >> 1;
  const alongM = (edge & 1 ? 1 - share : share) * kit.lengthM[street];
  const last = kit.lineStart[street + 1] - 1;
  let at = kit.lineStart[street] + 1;
  while (at < last && kit.lineAtM[at] < alongM) at += 1;
  const spanM = kit.lineAtM[at] - kit.lineAtM[at - 1];
  const part = spanM > 0 ? Math.min(1, Math.max(0, (alongM - kit.lineAtM[at - 1]) / spanM)) : 0;
  return [kit.lineX[at - 1] + part * (kit.lineX[at] - kit.lineX[at - 1]), kit.lineY[at - 1] + part * (kit.lineY[at] - kit.lineY[at - 1])];
}

/** The points of a directed edge between two shares of it, in driving order, both ends included: [[x, y], …]. */
export function lineOf(kit, edge, fromShare = 0, toShare = 1) {
  const street = edge >> 1;
  const lengthM = kit.lengthM[street];
  const along = edge & 1 ? (at) => lengthM - kit.lineAtM[at] : (at) => kit.lineAtM[at];
  const inner = [];
  for (let at = kit.lineStart[street]; at < kit.lineStart[street + 1]; at += 1) {
    if (along(at) > fromShare * lengthM + 1e-6 && along(at) < toShare * lengthM - 1e-6) inner.push([kit.lineX[at], kit.lineY[at]]);
  }
  if (edge & 1) inner.reverse();
  return [placeOn(kit, edge, fromShare), ...inner, placeOn(kit, edge, toShare)];
}
