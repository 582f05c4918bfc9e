// The fastest path on a kept network: A* from state to state, turns at their price, closures obeyed.
import { placeOn } from "./road_kit.js";

const SHRUNK = 0.99; // straight lines on the flat map are that much shorter than roads, at the least
const NOBODY = new Set();
// How a path stands to closures: still inside those around its origin, in the open, or inside those
// around its destination. It never goes back.
const [LEAVING, OPEN, ARRIVING] = [0, 1, 2];

/** A heap of whole numbers by their cost, four below each; one may be in it several times. */
class Heap {
  constructor(room) {
    this.costs = new Float64Array(room);
    this.items = new Int32Array(room);
    this.size = 0;
  }

  get least() {
    return this.size ? this.costs[0] : Infinity;
  }

  push(cost, item) {
    if (this.size === this.costs.length) this.#grow();
    const { costs, items } = this;
    let at = this.size;
    this.size += 1;
    while (at > 0) {
      const above = (at - 1) >> 2;
      if (costs[above] <= cost) break;
      costs[at] = costs[above];
      items[at] = items[above];
      at = above;
    }
    costs[at] = cost;
    items[at] = item;
  }

  pop() {
    const { costs, items } = this;
    const first = items[0];
    this.size -= 1;
    const size = this.size;
    const cost = costs[size];
    const item = items[size];
    let at = 0;
    for (let below = 1; below < size; below = 4 * at + 1) {
      const last = below + 4 < size ? below + 4 : size;
      let least = below;
      for (let other = below + 1; other < last; other += 1) if (costs[other] < costs[least]) least = other;
      if (costs[least] >= cost) break;
      costs[at] = costs[least];
      items[at] = items[least];
      at = least;
    }
    costs[at] = cost;
    items[at] = item;
    return first;
  }

  #grow() {
    const { costs, items } = this;
    this.costs = new Float64Array(2 * costs.length);
    this.items = new Int32Array(2 * items.length);
    this.costs.set(costs);
    this.items.set(items);
  }
}

export class PathSearch {
  constructor(kit) {
    this.kit = kit;
    const size = 3 * kit.stateCount;
    this.reachedMs = new Float64Array(size);
    this.wholeMs = new Float64Array(size); // with the least that remains
    this.before = new Int32Array(size);
    this.round = new Int32Array(size);
    this.isGoal = new Uint8Array(kit.edgeCount);
    this.rounds = 0;
    this.heap = new Heap(kit.stateCount + 16);
  }

  /**
   * The fastest path: {edges, timesMs, totalMs, start, goal}, or null.
   *
   * `starts`, `goals`: endpoints as of `endpointsOf`; `closed`: ClosedRoads. `exact`: arrive without a
   * restriction begun, so that whatever follows may follow.
   */
  fastest(starts, goals, closed, { exact = false } = {}) {
    const [origin, target] = [closed.reachable(starts), closed.reachable(goals)];
    const straight = this.#straight(origin, target, closed);
    const best = this.#search(origin, target, closed, straight?.totalMs ?? Infinity, exact);
    return best ?? straight;
  }

  #straight(origin, target, closed) {
    let best = null;
    for (const start of origin) {
      for (const goal of target) {
        const driveMs = goal.passedMs - start.passedMs + start.turningMs;
        const totalMs = driveMs + start.walkMs + goal.walkMs;
        if (start.edge !== goal.edge || goal.passedMs < start.passedMs || totalMs >= (best?.totalMs ?? Infinity)) continue;
        if (closed.mayPass(start, goal)) best = { edges: [start.edge], timesMs: [driveMs], totalMs, start, goal };
      }
    }
    return best;
  }

  #search(origin, target, closed, limitMs, exact) {
    const { kit, reachedMs, wholeMs, before, round, isGoal } = this;
    const { stateEdge, edgeMs, turnStart, turnTo, turnMs, edgeX, edgeY, edgeCount } = kit;
    const number = (this.rounds += 1);
    const { heap } = this;
    heap.size = 0;
    const { any } = closed;
    const around = (endpoints) => (any ? new Set(endpoints.flatMap((each) => [...each.around])) : NOBODY);
    const [leaving, arriving] = [around(origin), around(target)];
    const { goalX, goalY, slackM } = middleOf(kit, target);
    const msPerM = (1000 * SHRUNK) / kit.top_mps;
    let best = { totalMs: limitMs, key: -1, goal: null };
    for (const { edge } of target) isGoal[edge] = 1;

    const phaseOf = (edge, phase) => {
      if (!closed.shut(edge)) return phase === ARRIVING ? -1 : OPEN;
      if (phase === LEAVING && closed.onlyBy(edge, leaving)) return LEAVING;
      return closed.onlyBy(edge, arriving) ? ARRIVING : -1;
    };
    const arrive = (key, ms, phase, edge) => {
      for (const goal of target) {
        if (goal.edge !== edge) continue;
        const totalMs = ms + goal.passedMs + goal.walkMs;
        const allowed = !any || !closed.shut(edge) || closed.mayArrive(goal, phase === LEAVING ? leaving : NOBODY);
        if (allowed && totalMs < best.totalMs) best = { totalMs, key, goal };
      }
    };
    const relax = (state, ms, phase, from) => {
      const edge = stateEdge[state];
      const reaches = isGoal[edge] === 1 && !(exact && state >= edgeCount);
      const next = any ? phaseOf(edge, phase) : OPEN;
      if (next < 0 && (!reaches || !closed.shut(edge))) return;
      const key = 3 * state + (next < 0 ? ARRIVING : next);
      if (round[key] === number && reachedMs[key] <= ms) return;
      const dx = edgeX[edge] - goalX;
      const dy = edgeY[edge] - goalY;
      const total = ms + Math.max(0, Math.sqrt(dx * dx + dy * dy) - slackM) * msPerM;
      if (total >= best.totalMs) return;
      round[key] = number;
      reachedMs[key] = ms;
      wholeMs[key] = total;
      before[key] = from;
      if (reaches) arrive(key, ms, phase, edge);
      // A closed street that only a destination on it opens is a dead end.
      if (next >= 0) heap.push(total, key);
    };
    const spread = (state, ms, phase, from) => {
      for (let turn = turnStart[state]; turn < turnStart[state + 1]; turn += 1) {
        relax(turnTo[turn], ms + turnMs[turn], phase, from);
      }
    };

    origin.forEach((start, at) => {
      const inside = any && closed.shut(start.edge);
      if (inside && !closed.mayLeave(start, arriving)) return;
      const phase = !inside ? OPEN : closed.mayLeave(start, NOBODY) ? LEAVING : ARRIVING;
      spread(start.edge, edgeMs[start.edge] - start.passedMs + start.turningMs + start.walkMs, phase, -2 - at);
    });
    while (heap.least < best.totalMs) {
      const total = heap.least;
      const key = heap.pop();
      if (total > wholeMs[key]) continue; // reached sooner meanwhile
      const state = (key / 3) | 0;
      spread(state, reachedMs[key] + edgeMs[stateEdge[state]], key - 3 * state, key);
    }
    for (const { edge } of target) isGoal[edge] = 0;
    return best.key < 0 ? null : this.#path(best, origin);
  }

  #path({ key, totalMs, goal }, origin) {
    const { kit } = this;
    const keys = [];
    let at = key;
    for (; at >= 0; at = this.before[at]) keys.unshift(at);
    const start = origin[-2 - at];
    const edges = [start.edge, ...keys.map((each) => kit.stateEdge[Math.floor(each / 3)])];
    const timesMs = [kit.edgeMs[start.edge] - start.passedMs + start.turningMs];
    let beforeMs = timesMs[0] + start.walkMs;
    for (const [number, each] of keys.entries()) {
      const turnMs = this.reachedMs[each] - beforeMs;
      const drivenMs = number === keys.length - 1 ? goal.passedMs : kit.edgeMs[edges[number + 1]];
      timesMs.push(turnMs + drivenMs);
      beforeMs = this.reachedMs[each] + drivenMs;
    }
    return { edges, timesMs, totalMs, start, goal };
  }
}

/** The middle of the points on the road, and how far the furthest of them is from it. */
function middleOf(kit, target) {
  const points = target.map(({ edge, share }) => placeOn(kit, edge, share));
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / Math.max(1, points.length);
  const [goalX, goalY] = [mean(0), mean(1)];
  const slackM = Math.max(0, ...points.map(([x, y]) => Math.hypot(x - goalX, y - goalY)));
  return { goalX, goalY, slackM };
}
