// Ways worked out on the phone: a kept network, asked like the server and answering in the same form.
import { ClosedRoads } from "./closed_roads.js";
import { writeInstructions } from "./instructions.js";
import { findManoeuvres } from "./manoeuvres.js";
import { endpointsOf, NearbyStreets } from "./nearby_streets.js";
import { PathJunctions } from "./path_junctions.js";
import { PathSearch } from "./path_search.js";

const round = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;
/** A chosen way is kept to while it takes no longer than this beside the fastest. */
const [DETOUR, DETOUR_MS] = [1.25, 60000];

export class KeptRoads {
  /** `kit`: as of `unpack`. */
  constructor(kit) {
    this.kit = kit;
    this.near = new NearbyStreets(kit);
    this.search = new PathSearch(kit);
    this.lifted = new Set();
  }

  /** A closure was lifted: its roads are open from now on. */
  lift(id) {
    this.lifted.add(id);
  }

  /**
   * The way from one place to another as a feature like the server's; null where no kept road leads there.
   *
   * `from`: {lon, lat, heading?, speed_mps?}; `to`: {lon, lat}; `via`: {lon, lat, heading} of a chosen way, or
   * null; `nowMs`: what time it is; `language`: "zh" or "en".
   */
  way({ from, to, via = null, nowMs, language }) {
    const path = this.path({ from, to, via, nowMs });
    if (!path) return null;
    const { kit } = this;
    const junctions = new PathJunctions(kit, path, to);
    const coordinates = junctions.line.points.map(([x, y]) => kit.lonLat(x, y).map((each) => round(each, 7)));
    return {
      type: "Feature",
      geometry: { type: "LineString", coordinates },
      properties: {
        length_m: round(junctions.line.lengthM, 1),
        travel_time_s: round(path.totalMs / 1000, 1),
        walk_to_road_m: round(path.start.walkM, 1),
        profile: kit.profile,
        steps: writeInstructions(findManoeuvres(junctions), coordinates, language),
        worked_out_here: true,
      },
    };
  }

  /** The path of `way` as edges with their times, null if there is none. */
  path({ from, to, via = null, nowMs }) {
    const { kit, near, search } = this;
    const closed = new ClosedRoads(kit, nowMs, this.lifted);
    const [starts, goals] = [this.#endpoints(near.from(from)), this.#endpoints(near.to(to))];
    const fastest = search.fastest(starts, goals, closed);
    if (!via || !fastest) return fastest;
    const byIt = this.#by(via, starts, goals, closed);
    return byIt && byIt.totalMs <= DETOUR * fastest.totalMs + DETOUR_MS ? byIt : fastest;
  }

  #endpoints(streets) {
    return endpointsOf(this.kit, streets).map((each) => ({ ...each, walkM: streets[each.row].distanceM }));
  }

  /** The fastest path to the edge of a chosen way, and on from there. */
  #by(via, starts, goals, closed) {
    const edge = this.near.edgeAt(via);
    if (edge === null || !this.kit.edgeMs[edge]) return null;
    const there = { edge, share: 0, passedMs: 0, turningMs: 0, walkMs: 0, walkM: 0, both: false, row: 0 };
    const before = this.search.fastest(starts, [there], closed, { exact: true });
    const on = before && this.search.fastest([there], goals, closed);
    if (!on) return null;
    // The edge ends one of them and begins the other.
    const turnMs = before.timesMs.at(-1);
    return {
      edges: [...before.edges, ...on.edges.slice(1)],
      timesMs: [...before.timesMs.slice(0, -1), turnMs + on.timesMs[0], ...on.timesMs.slice(1)],
      totalMs: before.totalMs + on.totalMs,
      start: before.start,
      goal: on.goal,
    };
  }
}
