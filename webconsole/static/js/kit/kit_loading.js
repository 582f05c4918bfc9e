// Fills the phone with what it needs without signal: the ways of its orders, tiles of the map, names
// to search. After the orders themselves, one thing at a time, and again where it was cut off.
import { ApiError, get, getFile } from "../core/api.js";
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { emit } from "../core/store.js";
import { database } from "../kept/database.js";
import { readArchive } from "./tile_archive.js";
import { archivesOf, planTiles } from "./tile_plan.js";

const LARGEST_BYTES = 40_000_000;
const SPARE_BYTES = 20_000_000; // of the phone's storage: room for photos that wait
const NAMES_MOVED_DEG = 0.03; // a list that is not the whole ground's is fetched anew after some km
const AGAIN_MS = 60_000;
const ARCHIVE_TIMEOUT_MS = 60_000;

/** Bytes that may still be written, as far as the browser says. */
async function roomLeft() {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
  return quota === undefined ? Infinity : quota - usage;
}

export class KitLoader {
  #orders = [];
  #running = null;
  #again = false;
  #asked = "";

  /** `place()`: the phone's last fix, or null. */
  constructor(crewId, { store, place }) {
    Object.assign(this, { crewId, store, place });
    /** {at, tiles, bytes, missing, full}: how it stands, for people; null before anything is known. */
    this.state = null;
    window.addEventListener("online", () => this.fill());
    setInterval(() => this.state?.missing && this.fill(), AGAIN_MS);
  }

  /** The orders as they are now; what is new about them is fetched. */
  know(orders) {
    const asked = JSON.stringify([boot.ground_id, orders.map(({ id, incident }) => [id, incident.lon, incident.lat])]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#orders = orders;
    this.fill();
  }

  /** Fetch what is missing; while that goes on, once more afterwards. */
  async fill() {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#fillOnce().catch((error) => {
      this.#asked = ""; // with the orders it is tried again
      if (!(error instanceof ApiError) && error?.name !== "QuotaExceededError") reportError(error);
    });
    await this.#running;
    this.#running = null;
    if (this.#again) {
      this.#again = false;
      await this.fill();
    }
    return null;
  }

  async #fillOnce() {
    if (boot.ground_id === null || boot.ground_id === undefined) return;
    const lines = await this.#ways();
    const { station } = await get(`/crews/${this.crewId}/kit`);
    await this.#names(station);
    if ((boot.base_map?.kind ?? "own") === "own" && typeof DecompressionStream === "function") await this.#tiles(lines, station);
    emit("kit");
  }

  /** Read once, the ways are among the answers that are kept. */
  async #ways() {
    const ways = await Promise.allSettled(this.#orders.map(({ id }) => get(`/assignments/${id}/route?guidance=1`)));
    return ways.filter(({ status, value }) => status === "fulfilled" && value?.geometry).map(({ value }) => value.geometry.coordinates);
  }

  async #tiles(lines, station) {
    await this.store.use(boot.ground_id);
    const here = this.place();
    const places = [station && { lon: station[0], lat: station[1] }, here && { lon: here.lon, lat: here.lat }].filter(Boolean);
    const isSparing = navigator.connection?.saveData === true;
    const wanted = planTiles({ bounds: boot.bounds, targets: this.#orders.map(({ incident }) => incident), lines, places: isSparing ? [] : places });
    this.store.want(wanted, now());
    const missing = wanted.filter((key) => !this.store.has(key));
    this.#say(missing.length, false);
    for (const runs of archivesOf(missing)) {
      if (!(await this.#makeRoom(wanted))) return this.#say(missing.length, true);
      const query = new URLSearchParams({ ground_id: boot.ground_id, tiles: runs });
      const { content } = await getFile(`/kit/tiles?${query}`, { timeoutMs: ARCHIVE_TIMEOUT_MS });
      const { groundId, tiles } = readArchive(await content.arrayBuffer());
      if (groundId !== this.store.groundId) return undefined; // it is asked for anew with the other ground
      if (!(await this.store.put(tiles, now()))) return this.#say(missing.length, true);
      this.#say(wanted.filter((key) => !this.store.has(key)).length, false);
    }
    return undefined;
  }

  /** Older tiles go where space is short; false if that is not enough. */
  async #makeRoom(wanted) {
    const over = Math.max(this.store.bytes - LARGEST_BYTES, SPARE_BYTES - (await roomLeft()));
    if (over <= 0) return true;
    return (await this.store.dropOldest(over, new Set(wanted))) > 0;
  }

  async #names(station) {
    const near = this.place() ?? (station && { lon: station[0], lat: station[1] });
    const kept = await (await database()).get("kit", "names");
    const isOld = kept?.list.ground_id !== boot.ground_id || (!kept.list.whole && near && Math.hypot(near.lon - kept.list.origin[0], near.lat - kept.list.origin[1]) > NAMES_MOVED_DEG);
    if (!isOld) return;
    const list = await get(near ? `/kit/names?lon=${near.lon}&lat=${near.lat}` : "/kit/names");
    const change = (await database()).transaction("kit", "readwrite");
    change.store.put({ name: "names", list }).catch(() => {});
    await change.done;
  }

  #say(missing, full) {
    this.state = { at: now(), tiles: this.store.count, bytes: this.store.bytes, missing, full };
    emit("kit");
  }
}
