// Keeps the roads around an order on the phone, as new as they can be had, and has a worker find ways on them.
import { ApiError, getIfNew } from "../core/api.js";
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { isChinese } from "../core/i18n.js";
import { database } from "../kept/database.js";

const NAME = "roads";
const CHECK_MS = 60000; // closures and the hour's speeds; unchanged, that is a hundred bytes
const SOON_MS = 2000; // every worker of the server knows of a closure within a second
const PATIENCE_MS = 8000;
const TIMEOUT_MS = 60000;
const KM = 1000;
const [LEAST_M, MOST_M] = [5 * KM, 12 * KM];
const M_PER_DEG = 111320;

function apartM(here, there) {
  const east = (here.lon - there.lon) * M_PER_DEG * Math.cos((there.lat * Math.PI) / 180);
  return Math.hypot(east, (here.lat - there.lat) * M_PER_DEG);
}

/** Far enough to hold the way from here, in whole kilometres. */
function radiusFor({ incident }, fix) {
  const wantedM = fix ? apartM(fix, incident) * 1.2 + KM : LEAST_M;
  return Math.min(MOST_M, Math.max(LEAST_M, Math.ceil(wantedM / KM) * KM));
}

const goalOf = ({ id, incident }) => `${id}|${incident.lon},${incident.lat}`;

export class RoadsKeeper {
  #worker = null;
  #waiting = new Map();
  #asked = 0;
  #checkedMs = -Infinity;
  #busy = false;

  constructor(crewId) {
    this.crewId = crewId;
    /** What is loaded: {goal, tag, radiusM}, or null. */
    this.kept = null;
    /** Version of what the worker has unpacked. */
    this.ready = null;
  }

  /** Have the roads of an order here; asked often, it fetches what is new. `fix`: the phone's last, or null. */
  async keep(order, fix) {
    const goal = goalOf(order);
    const same = this.kept?.goal === goal;
    if (this.#busy || (same && performance.now() - this.#checkedMs < CHECK_MS)) return;
    this.#busy = true;
    try {
      if (!same) await this.#recall(goal);
      const known = this.kept?.goal === goal ? this.kept : null;
      const radiusM = Math.max(radiusFor(order, fix), known?.radiusM ?? 0);
      const found = await getIfNew(`/assignments/${order.id}/roads?radius_m=${radiusM}`, known?.radiusM === radiusM ? known.tag : null, { timeoutMs: TIMEOUT_MS });
      this.#checkedMs = performance.now();
      if (found.content) this.#take({ name: NAME, crewId: this.crewId, goal, radiusM, tag: found.tag, content: found.content });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // what is here stays; it is asked for again
    } finally {
      this.#busy = false;
    }
  }

  /** Closures or the ground changed: what is here is looked at again soon. */
  changed({ kind, data }) {
    if (!kind.startsWith("closure.") && kind !== "ground.imported") return;
    if (kind === "closure.lifted" && data?.closure) this.#worker?.postMessage({ lifted: data.closure.id });
    this.#checkedMs = Math.min(this.#checkedMs, performance.now() + SOON_MS - CHECK_MS);
  }

  /** A way from the phone's last fix to an order's incident, on what is kept; null if there is none. */
  way(order, fix, via = null) {
    if (!this.#worker || !fix || this.kept?.goal !== goalOf(order)) return Promise.resolve(null);
    const { lon, lat } = order.incident;
    const ask = { from: { lon: fix.lon, lat: fix.lat, heading: fix.heading ?? null }, to: { lon, lat }, via: via && { lon: via.lon, lat: via.lat, heading: via.heading_deg }, nowMs: now(), language: isChinese() ? "zh" : "en" };
    const id = (this.#asked += 1);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer({ id, way: null }), PATIENCE_MS);
      this.#waiting.set(id, { resolve, timer });
      this.#worker.postMessage({ ask, id });
    });
  }

  #answer({ id, way }) {
    const { resolve, timer } = this.#waiting.get(id) ?? {};
    clearTimeout(timer);
    this.#waiting.delete(id);
    resolve?.(way);
  }

  /** What was kept of this order before the page was closed. */
  async #recall(goal) {
    try {
      const row = await (await database()).get("kit", NAME);
      if (row?.goal === goal && row.crewId === this.crewId) this.#load(row);
    } catch {
      // Storage is forbidden: the roads live as long as this page does.
    }
  }

  async #take(row) {
    this.#load(row);
    try {
      await (await database()).put("kit", row);
    } catch {
      // Full, or forbidden: as above.
    }
  }

  #load({ goal, radiusM, tag, content }) {
    if (!boot.ways_worker || typeof Worker !== "function") return;
    if (!this.#worker) {
      this.#worker = new Worker(boot.ways_worker, { type: "module" });
      this.#worker.onmessage = ({ data }) => ("ready" in data ? (this.ready = data.version) : this.#answer(data));
    }
    this.kept = { goal, radiusM, tag };
    this.#worker.postMessage({ roads: content });
    document.documentElement.dataset.roadsKept = tag;
  }
}
