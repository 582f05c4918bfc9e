// The tiles a phone keeps, and a list of them: since when each, and how large. What was wanted longest
// ago goes first when space is short; what waits to be sent is elsewhere and never goes.
import { database } from "../kept/database.js";

const LIST = "tiles"; // its record in the store `kit`
const SHARE_TO_DROP = 0.25;

const isFull = (error) => error?.name === "QuotaExceededError";

export class TileStore {
  #kept = new Map(); // key → [at, bytes]
  #groundId = null;
  #wanted = null;
  #using = Promise.resolve();

  /** Have the tiles of one ground; those of another go. Many ask at once: it is done once. */
  use(groundId) {
    if (this.#wanted !== groundId) {
      this.#wanted = groundId;
      this.#using = this.#using.catch(() => {}).then(() => this.#use(groundId));
      this.#using.catch(() => (this.#wanted = null));
    }
    return this.#using;
  }

  async #use(groundId) {
    const found = await (await database()).get("kit", LIST);
    this.#kept = new Map(found?.groundId === groundId ? found.kept : []);
    if (found && found.groundId !== groundId) await this.clear();
    this.#groundId = groundId;
  }

  get groundId() {
    return this.#groundId;
  }

  get count() {
    return this.#kept.size;
  }

  get bytes() {
    return [...this.#kept.values()].reduce((sum, [, bytes]) => sum + bytes, 0);
  }

  has(key) {
    return this.#kept.has(key);
  }

  /** Note that these are wanted now: they go last. */
  want(keys, at) {
    for (const key of keys) if (this.has(key)) this.#kept.get(key)[0] = at;
  }

  /**
   * Keep tiles: {key, body, packed}. Where the disk is full older ones go first, once.
   *
   * Returns whether they are kept.
   */
  async put(tiles, at) {
    for (const mayDrop of [true, false]) {
      try {
        await this.#write(tiles, at);
        return true;
      } catch (error) {
        if (!isFull(error)) throw error;
        if (!mayDrop || !(await this.dropOldest(this.bytes * SHARE_TO_DROP, new Set(tiles.map(({ key }) => key))))) return false;
      }
    }
    return false;
  }

  async #write(tiles, at) {
    const kept = new Map(this.#kept);
    const change = (await database()).transaction(["tiles", "kit"], "readwrite");
    // A request may succeed and the transaction fail: what counts is its end.
    const [store, list] = [change.objectStore("tiles"), change.objectStore("kit")];
    for (const tile of tiles) {
      kept.set(tile.key, [at, tile.body.byteLength]);
      store.put({ ...tile, groundId: this.#groundId }).catch(() => {});
    }
    list.put({ name: LIST, groundId: this.#groundId, kept: [...kept] }).catch(() => {});
    await change.done;
    this.#kept = kept;
  }

  /** Delete what was wanted longest ago, at least so many bytes if there are; returns how many tiles went. */
  async dropOldest(bytes, except = new Set()) {
    const oldest = [...this.#kept].filter(([key]) => !except.has(key)).sort(([, [a]], [, [b]]) => a - b);
    const going = [];
    for (let freed = 0; freed < bytes && oldest.length; freed += going.at(-1)[1][1]) going.push(oldest.shift());
    if (!going.length) return 0;
    const kept = new Map(this.#kept);
    const change = (await database()).transaction(["tiles", "kit"], "readwrite");
    for (const [key] of going) {
      kept.delete(key);
      change.objectStore("tiles").delete(key);
    }
    change.objectStore("kit").put({ name: LIST, groundId: this.#groundId, kept: [...kept] });
    await change.done;
    this.#kept = kept;
    return going.length;
  }

  /** A tile as it was sent: {body, packed}; null for one of another ground, or none. */
  async read(key) {
    const found = await (await database()).get("tiles", key);
    return found && found.groundId === this.#groundId ? found : null;
  }

  async clear() {
    const change = (await database()).transaction(["tiles", "kit"], "readwrite");
    change.objectStore("tiles").clear();
    change.objectStore("kit").delete(LIST);
    await change.done;
    this.#kept = new Map();
  }
}
