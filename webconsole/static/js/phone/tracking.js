// Sends the phone's position to the desk while the page is open and the crew is not off duty. Fixes
// that cannot be sent wait here and are sent with the time at which they were taken.
import { ApiError, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { byServer, clockKnown } from "../core/clock.js";
import { outbox } from "../outbox/outbox.js";

const SEND_EVERY_MS = 2000;
const BATCH = 50;
const KEPT_MOST = 3600; // an hour at one fix a second; the oldest give way
const MIN_GAP_MS = 900;
const STILL_MS = 10000; // a parked phone gets no new fix from its watch: ask, or it looks lost

/** Give a fix the server's time, once: sent again it must be known as the same. */
function inServerTime(fix) {
  if (fix.taken_ms === undefined) return;
  fix.fixed_at = new Date(byServer(fix.taken_ms)).toISOString();
  delete fix.taken_ms;
}

const finite = (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined);

export class Tracking {
  /** `changed()` whenever status or last fix differ. */
  constructor(crewId, changed) {
    this.key = `nearcrew-fixes-${crewId}`;
    this.queue = readStored(this.key, []);
    this.changed = changed;
    /** off | insecure | unsupported | denied | searching | on */
    this.status = "off";
    this.last = null;
    /** Why the newest fix that was sent is of no use to the desk; null when it is. */
    this.unused = null;
    this.unsent = this.queue.length > 0;
    this.battery = undefined;
    this.watch = null;
    setInterval(() => {
      this.#askIfStill();
      this.flush();
    }, SEND_EVERY_MS);
    window.addEventListener("pagehide", () => writeStored(this.key, this.queue));
    document.addEventListener("visibilitychange", () => this.#wake());
    navigator.getBattery?.().then((battery) => {
      const read = () => (this.battery = Math.round(battery.level * 100));
      battery.addEventListener("levelchange", read);
      read();
    });
  }

  start() {
    if (this.watch !== null) return;
    if (!window.isSecureContext) return this.#say("insecure");
    if (!navigator.geolocation) return this.#say("unsupported");
    this.#say("searching");
    this.#listen();
    this.#wake();
  }

  #listen() {
    this.watch = navigator.geolocation.watchPosition(
      (position) => this.#take(position),
      (error) => this.#say(error.code === error.PERMISSION_DENIED ? "denied" : "searching"),
      { enableHighAccuracy: true, maximumAge: 1000, timeout: 20000 },
    );
  }

  stop() {
    if (this.watch !== null) navigator.geolocation.clearWatch(this.watch);
    this.watch = null;
    this.lock?.release();
    this.lock = null;
    this.#say("off");
  }

  #askIfStill() {
    if (this.status !== "on" || this.asking || Date.now() - this.last.timestamp < STILL_MS) return;
    this.asking = true;
    const done = (position) => {
      this.asking = false;
      // Asked for with no age allowed: it is where the phone is now, even where the browser
      // repeats the time at which it first stood here.
      if (position?.coords && this.watch !== null) this.#take({ coords: position.coords, timestamp: Date.now() });
    };
    const deaf = () => {
      done();
      if (this.watch === null) return;
      // A watch can die in silence, with the phone's sleep for one: begin another.
      navigator.geolocation.clearWatch(this.watch);
      this.#listen();
    };
    navigator.geolocation.getCurrentPosition(done, deaf, { enableHighAccuracy: true, maximumAge: 0, timeout: STILL_MS });
  }

  #say(status) {
    if (this.status === status) return;
    this.status = status;
    this.changed();
  }

  #take({ coords, timestamp }) {
    clearTimeout(this.later);
    const sinceMs = this.last ? timestamp - this.last.timestamp : MIN_GAP_MS;
    if (sinceMs >= 0 && sinceMs < MIN_GAP_MS) {
      // Too soon after the last, but it may be where the crew then stays.
      this.later = setTimeout(() => this.watch !== null && this.#take({ coords, timestamp: this.last.timestamp + MIN_GAP_MS }), MIN_GAP_MS - sinceMs);
      return;
    }
    if (sinceMs < 0) return;
    const { longitude: lon, latitude: lat, accuracy, heading } = coords;
    this.last = { lon, lat, accuracy, heading: finite(heading), timestamp };
    this.queue.push({
      lon: coords.longitude,
      lat: coords.latitude,
      taken_ms: timestamp,
      accuracy_m: finite(coords.accuracy),
      speed_mps: finite(coords.speed),
      heading_deg: finite(coords.heading),
      battery_pct: this.battery,
    });
    if (this.queue.length > KEPT_MOST) this.queue.splice(0, this.queue.length - KEPT_MOST);
    this.#say("on");
    this.changed();
  }

  async flush() {
    // A duty that began without signal is told first: of before it, the desk keeps nothing.
    if (this.sending || !this.queue.length || !clockKnown() || outbox.waiting("duty").length) return;
    this.sending = true;
    const batch = this.queue.slice(0, BATCH);
    batch.forEach(inServerTime);
    try {
      const { results } = await post("/positions", { positions: batch });
      this.#hear(results);
      this.queue.splice(0, batch.length);
      this.unsent = false;
      writeStored(this.key, this.queue);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.later) this.unsent = true;
      else this.queue.splice(0, batch.length); // the server will never take these: do not block on them
      writeStored(this.key, this.queue);
    } finally {
      this.sending = false;
      this.changed();
    }
    if (!this.unsent && this.queue.length > BATCH) this.flush();
  }

  /** A late fix ("outdated") is fine for the track; all else is said, or the crew looks lost. */
  #hear(results) {
    for (const { status, reason } of results) {
      if (status === "used") this.unused = null;
      else if (status === "refused") this.unused = "refused";
      else if (status === "kept" && reason !== "outdated") this.unused = reason;
    }
  }

  /** A dark screen stops the page and with it the tracking: keep it lit while on duty. */
  async #wake() {
    if (document.hidden || this.watch === null || !navigator.wakeLock || (this.lock && !this.lock.released)) return;
    try {
      this.lock = await navigator.wakeLock.request("screen");
    } catch {
      this.lock = null; // low battery mode refuses; tracking goes on while the screen is lit
    }
  }
}
