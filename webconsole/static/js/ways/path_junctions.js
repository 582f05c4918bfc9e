// The junctions of one path: names, angles, and the streets that a driver could take by mistake. The twin of
// RouteJunctions in routing/guidance/route_junctions.py.
import { DrivenLine, turnDeg } from "./driven_line.js";
import { lineOf } from "./road_kit.js";

const BEARING_REACH_M = 12;
const CLEARLY_STRAIGHTER_DEG = 15;
const SLIGHT_DEG = 50;
const NEW_NAME_MATTERS_M = 300;
const NAME_SOON_M = 40;
const AT_THE_DOOR_M = 5;
const AHEAD_DEG = 30;
const AT_ONCE_M = 3;
// Road classes by their number, as geodata/roads/types.py has them.
const LINKS = new Set([1, 3, 5, 7, 9]);
const FAST_ROADS = new Set([0, 2]);
const MINOR = new Set([14, 15]);

export const isLink = (roadClass) => LINKS.has(roadClass);
export const isRamp = (roadClass) => roadClass === 1 || roadClass === 3;
export const isFast = (roadClass) => FAST_ROADS.has(roadClass);
const isMinor = (roadClass) => MINOR.has(roadClass);
const sameName = (one, other) => one.replaceAll(" ", "") === other.replaceAll(" ", "");

export class PathJunctions {
  /**
   * Junction `i` leads into edge `i` of the path. `path`: as of PathSearch; `goal`: the destination, {lon, lat}.
   */
  constructor(kit, path, goal) {
    this.kit = kit;
    this.path = path;
    this.goal = [kit.toX(goal.lon), kit.toY(goal.lat)];
    this.edges = path.edges;
    const streets = this.edges.map((edge) => edge >> 1);
    this.roadClass = streets.map((street) => kit.street_class[street]);
    this.name = streets.map((street) => kit.names[kit.name[street]]);
    this.circling = streets.map((street) => kit.roundabout[street] === 1);
    this.built = streets.map((street) => kit.built[street] === 1);
    this.#draw();
    const junctions = this.edges.slice(1);
    const directions = this.line.directions(junctions.map((_, at) => this.beginM[at + 1]));
    this.arriving = [0, ...directions.map(({ arriving }) => arriving)];
    this.departing = [0, ...directions.map(({ departing }) => departing)];
    this.turn = this.edges.map((_, at) => (at ? turnDeg(this.arriving[at], this.departing[at]) : 0));
    this.examined = [];
    this.others = this.edges.map((edge, at) => (at && this.#hasChoice(at) ? this.#arms(this.edges[at - 1], this.arriving[at]).filter((arm) => arm.edge !== edge) : []));
    for (let at = 1; at < this.edges.length; at += 1) if (this.#matters(at, streets)) this.examined.push(at);
  }

  #draw() {
    const { kit, path, edges } = this;
    const points = [];
    this.lastPoint = [];
    this.lengthM = [];
    for (const [at, edge] of edges.entries()) {
      const from = at === 0 ? path.start.share : 0;
      const to = at === edges.length - 1 ? path.goal.share : 1;
      const line = lineOf(kit, edge, from, Math.max(from, to));
      points.push(...(at ? line.slice(1) : line));
      this.lastPoint.push(points.length - 1);
    }
    this.line = new DrivenLine(points);
    this.beginM = [0, ...this.lastPoint.map((point) => this.line.atM[point])];
    this.lengthM = edges.map((_, at) => this.beginM[at + 1] - this.beginM[at]);
  }

  #signedFrom(node) {
    const { leaving, leavingStart, signed } = this.kit;
    return leaving.subarray(leavingStart[node], leavingStart[node + 1]).filter((edge) => signed[edge]);
  }

  #hasChoice(at) {
    const { kit, edges } = this;
    const back = edges[at - 1] ^ 1;
    const known = kit.signed[edges[at]] + (kit.signed[back] && back !== edges[at] ? 1 : 0);
    return this.#signedFrom(kit.edgeTo[edges[at - 1]]).length > known;
  }

  #matters(at, streets) {
    const { kit, edges } = this;
    const [here, there] = [streets[at - 1], streets[at]];
    if (this.#hasChoice(at) || edges[at] === (edges[at - 1] ^ 1)) return true;
    return [kit.street_class, kit.name, kit.roundabout, kit.built].some((of) => of[here] !== of[there]);
  }

  /** The streets that leave the end of an edge, turning back excepted: [{edge, turn, roadClass}]. */
  #arms(edge, arriving) {
    return [...this.#signedFrom(this.kit.edgeTo[edge])]
      .filter((into) => into !== (edge ^ 1))
      .map((into) => ({ edge: into, turn: turnDeg(arriving, this.#departingOf(into)), roadClass: this.kit.street_class[into >> 1] }));
  }

  #departingOf(edge) {
    const lengthM = this.kit.lengthM[edge >> 1];
    const [begin, end] = [0, lengthM > 0 ? Math.min(1, BEARING_REACH_M / lengthM) : 1].map((share) => lineOf(this.kit, edge, share, 1)[0]);
    return (Math.atan2(end[0] - begin[0], end[1] - begin[1]) * 180) / Math.PI;
  }

  firstName() {
    const last = this.edges.length - 1;
    const found = this.beginM.slice(1).findIndex((m) => m >= AT_ONCE_M);
    return this.nameSoon(Math.min(found < 0 ? last : found, last));
  }

  /** The name of the street from an edge on, if it begins within forty metres. */
  nameSoon(at) {
    let passedM = 0;
    for (let edge = at; edge < this.edges.length && passedM <= NAME_SOON_M; edge += 1) {
      if (this.name[edge] && !this.circling[edge]) return this.name[edge];
      passedM += this.lengthM[edge];
    }
    return "";
  }

  /** How many exits a roundabout has at the end of one of its edges. */
  exitsAt(ring) {
    return this.#arms(ring, 0).filter((arm) => !this.kit.roundabout[arm.edge >> 1] && !isMinor(arm.roadClass)).length;
  }

  rivals(at) {
    return isMinor(this.roadClass[at]) ? this.others[at] : this.others[at].filter((arm) => !isMinor(arm.roadClass));
  }

  forks(at, rivals) {
    return rivals.some((arm) => Math.abs(arm.turn) < SLIGHT_DEG && !this.#obvious(at, arm));
  }

  #obvious(at, rival) {
    const rivalName = this.kit.names[this.kit.name[rival.edge >> 1]];
    if (this.name[at] && this.name[at] === this.name[at - 1] && this.name[at - 1] !== rivalName) return rival.roadClass >= this.roadClass[at];
    if (isLink(rival.roadClass) && !isLink(this.roadClass[at])) return true;
    return Math.abs(this.turn[at]) + CLEARLY_STRAIGHTER_DEG < Math.abs(rival.turn) && rival.roadClass >= this.roadClass[at];
  }

  couldGoWrong(at, rivals) {
    if (rivals.length) return true;
    const others = this.others[at];
    const sameStreet = this.name[at] === this.name[at - 1] && this.roadClass[at] === this.roadClass[at - 1];
    return others.length > 0 && (others.some((arm) => Math.abs(arm.turn) < SLIGHT_DEG) || !sameStreet);
  }

  newNameMatters(at) {
    const [name, before] = [this.name[at], this.name[at - 1]];
    if (!name || !before || sameName(name, before) || isFast(this.roadClass[at]) || this.built[at]) return false;
    let end = at;
    while (end < this.edges.length && this.name[end] === name && !(end > 0 && this.edges[end] === (this.edges[end - 1] ^ 1))) end += 1;
    return this.beginM[end] - this.beginM[at] >= NEW_NAME_MATTERS_M;
  }

  /** The bearing at the end, and on which side of the street the destination lies. */
  arrival() {
    const wholeM = this.line.lengthM;
    const bearing = this.line.bearing(wholeM - 20, wholeM);
    const [endX, endY] = this.line.points.at(-1);
    const [dx, dy] = [this.goal[0] - endX, this.goal[1] - endY];
    const angle = turnDeg(bearing, (Math.atan2(dx, dy) * 180) / Math.PI);
    const straight = Math.hypot(dx, dy) < AT_THE_DOOR_M || Math.abs(angle) < AHEAD_DEG;
    return { bearing, side: straight ? "straight" : angle > 0 ? "right" : "left" };
  }

  /** The angle from before one junction to after another. */
  between(into, outOf) {
    return turnDeg(this.arriving[into], this.departing[outOf]);
  }
}
