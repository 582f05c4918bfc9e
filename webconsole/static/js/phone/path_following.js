// The path of an order while it is driven: fetched, kept for where there is no signal, followed fix
// by fix, and fetched again when the crew has left it.
import { ApiError, get } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { PathLine } from "./path_line.js";

const OFF_M = 50;
const OFF_FIXES = 2; // one fix may be a reflection from a wall
const FRESH_MS = 60000; // roads are closed and opened meanwhile
const OFFER_FRESH_MS = 20000; // somebody who is still elsewhere moves on
const AGAIN_MS = 5000;
const THERE_M = 100; // parked, or on foot from here: nobody is sent round the block again
const PASSED_M = 8; // a fix this far short of a turn is as good as at it
const WAIT_MS = 3000; // for a new path, before the phone looks for one itself
const unhurried = new AbortController().signal; // with a signal of its own, nothing kept is answered

const goalOf = ({ id, incident }) => `${id}|${incident.lon},${incident.lat}`;

export class PathFollower {
  /** `changed()` when there is another path or another place on it. */
  constructor(crewId, changed) {
    this.key = `nearcrew-way-${crewId}`;
    this.changed = changed;
    /** Finds a path without the server: (order, fix, via) => Promise of a feature or null. */
    this.workOut = async () => null;
    this.orderId = null;
    /** Which order's path, and where to: a path to where the desk no longer says it is leads astray. */
    this.goal = "";
    this.#take(null);
    window.addEventListener("online", () => this.again());
  }

  /** Follow the path of an order. `fix` is the phone's last one, or null. */
  follow(order, fix) {
    if (this.goal !== goalOf(order)) this.#begin(order);
    this.guiding = order.state !== "offered";
    if (fix && fix.timestamp !== this.seenAt) {
      this.seenAt = fix.timestamp;
      this.lastFix = fix;
      this.#locate(fix);
    }
    const sinceMs = performance.now() - this.askedMs;
    const due = this.strayed || this.failed || !this.feature ? AGAIN_MS : this.guiding ? FRESH_MS : OFFER_FRESH_MS;
    if (!this.asking && (this.askedMs === null || sinceMs > due)) this.#ask(order, fix);
  }

  /** Roads were closed or opened, or there is signal again: ask as soon as the path is followed on. */
  again() {
    this.askedMs = null;
  }

  /** Whether the crew is off the line for more than a moment. */
  get strayed() {
    return this.off >= OFF_FIXES;
  }

  /** Whether the path was worked out on the phone. */
  get workedOutHere() {
    return this.feature?.properties.worked_out_here === true;
  }

  /** Other ways to the same place, as the server tells them. */
  get others() {
    return this.feature?.properties.alternatives ?? [];
  }

  /**
   * Drive one of the others from now on; the path that is left becomes one of them.
   *
   * Returns what names it: {via, by}.
   */
  choose(index) {
    const { geometry, properties } = this.feature;
    const { alternatives, profile, ...left } = properties;
    const { coordinates, ...chosen } = alternatives[index];
    const others = alternatives.map((each, at) => (at === index ? { ...left, coordinates: geometry.coordinates } : each));
    this.#take({ type: "Feature", geometry: { type: "LineString", coordinates }, properties: { ...chosen, profile, alternatives: others } });
    this.askedMs = performance.now();
    this.#store();
    if (this.lastFix) this.#locate(this.lastFix);
    this.changed();
    return { via: chosen.via ?? null, by: chosen.by ?? "" };
  }

  /** [lat, lon] of the line, for the map. */
  get latLngs() {
    return (this.feature?.geometry.coordinates ?? []).map(([lon, lat]) => [lat, lon]);
  }

  /** What is left of the path: {length_m, travel_time_s, profile}; null before it is known. */
  get left() {
    if (!this.feature) return null;
    const { length_m, travel_time_s, profile } = this.feature.properties;
    const part = this.line.lengthM ? 1 - this.alongM / this.line.lengthM : 0;
    return { length_m: length_m * part, travel_time_s: travel_time_s * part, profile };
  }

  /** The next manoeuvre: {step, index, aheadM, after}; null where nothing is to be told. */
  get next() {
    if (this.steps.length < 2) return null;
    const found = this.steps.findIndex((step, index) => index > 0 && this.#stepM(step) > this.alongM + PASSED_M);
    const index = found === -1 ? this.steps.length - 1 : found;
    const step = this.steps[index];
    return { step, index, aheadM: Math.max(0, this.#stepM(step) - this.alongM), after: this.steps[index + 1] ?? null };
  }

  #stepM(step) {
    return this.line.alongM[Math.min(step.point, this.line.alongM.length - 1)];
  }

  #begin(order) {
    this.orderId = order.id;
    this.goal = goalOf(order);
    this.askedMs = null;
    this.failed = false;
    this.rerouted = 0;
    const kept = readStored(this.key, null);
    this.#take(kept?.goal === this.goal ? kept.feature : null);
  }

  #take(feature) {
    this.feature = feature;
    this.line = feature ? new PathLine(feature.geometry.coordinates) : null;
    this.steps = feature?.properties.steps ?? [];
    /** How far off the line it begins; none of it once the line was reached. */
    this.walkM = feature?.properties.walk_to_road_m ?? 0;
    this.alongM = 0;
    this.off = 0;
    this.seenAt = null;
  }

  #locate(fix) {
    if (!this.line) return;
    const { alongM, offM } = this.line.locate(fix, this.alongM);
    if (offM <= OFF_M) this.walkM = 0;
    const allowedM = Math.max(OFF_M, fix.accuracy ?? 0, this.walkM && this.walkM + OFF_M);
    const away = offM > allowedM && this.line.toEnd(fix) > THERE_M;
    this.off = away ? this.off + 1 : 0;
    if (!away) this.alongM = alongM;
    this.changed();
  }

  async #ask(order, fix) {
    const strayed = this.strayed || this.workedOutHere;
    this.asking = true;
    this.askedMs = performance.now();
    try {
      const feature = await get(this.#path(order, fix, strayed), strayed ? { timeoutMs: WAIT_MS, signal: unhurried } : {});
      if (this.goal !== goalOf(order)) return;
      this.#take(feature);
      this.failed = false;
      this.#store();
      if (fix) this.#locate(fix);
      if (strayed) this.rerouted = performance.now();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failed = true; // the last path stays: better than none
      if (error.later && fix && (this.strayed || !this.feature)) await this.#workOutHere(order, fix);
    } finally {
      this.asking = false;
      this.changed();
    }
  }

  async #workOutHere(order, fix) {
    const via = this.feature?.properties.via ?? null;
    const feature = await this.workOut(order, fix, via);
    if (!feature || this.goal !== goalOf(order)) return;
    feature.properties.via = via; // it is kept to as far as it makes sense
    this.#take(feature);
    this.#store();
    this.#locate(fix);
    this.rerouted = performance.now();
  }

  #store() {
    writeStored(this.key, { goal: this.goal, feature: this.feature });
  }

  /** Off the path the phone knows best where it is; before, the desk and the phone see one path. */
  #path(order, fix, strayed) {
    if (!strayed || !fix) return `/assignments/${order.id}/route?guidance=1&alternatives=1`;
    const heading = Number.isFinite(fix.heading) ? `&heading_deg=${fix.heading}` : "";
    return `/assignments/${order.id}/route?guidance=1&from=${fix.lon},${fix.lat}${heading}`;
  }
}
