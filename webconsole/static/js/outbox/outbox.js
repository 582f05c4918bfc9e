// The outbox of a crew's phone: everything that it tells the server, kept until the server has it,
// sent in order and once. A cellar has no signal: an action counts from the moment of the tap, and its
// name (`client_id`) makes a repeat harmless.
import { ApiError, newKey } from "../core/api.js";
import { boot } from "../core/boot.js";
import { byServer, clockKnown, now } from "../core/clock.js";
import { ActionStore } from "./action_store.js";
import { LANES, goingWith, inOrder, laneOf, nextOf, stoppedBy, underWay, withFollowers } from "./action_rules.js";
import { alone } from "./alone.js";
import { refusalOf } from "./refusals.js";
import { transmit } from "./transmit.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];
const URGENT_RETRY_MS = [500, 1000, 2000, 4000];
const KEEP_AGAIN_MS = 5000;
const KEPT_SOON_MS = 2000; // storage that does not answer holds up no sending
const FILE_PATIENCE_MS = 150000; // a photo may take two minutes
const atMost = (list, index) => list[Math.min(index, list.length - 1)];

export class Outbox {
  /** Names of actions that are being written: what the database says of them is older than `actions`. */
  #writing = new Map();
  #gone = new Set();
  #files = new Map(); // of what is not kept yet
  #unkept = new Map(); // name → {kept(), keeping}
  #lanes = new Map(LANES.map((lane) => [lane, { failures: 0, busy: false, timer: null }]));
  #rests = new Map(); // name → {failures, untilMs}: what the server cannot take now, others go first
  #listeners = new Set();
  #began = null;

  /** `exclusively(name, act)`: no other window of this phone runs anything under the name meanwhile. */
  constructor(crewId, { exclusively = alone } = {}) {
    this.crewId = crewId;
    this.exclusively = exclusively;
    this.store = new ActionStore(crewId);
    /** All of this crew's, the oldest first. */
    this.actions = [];
    /** Names of those that are on their way just now. */
    this.sending = new Set();
    /** Why the newest could not be kept: "full", "forbidden" or "". */
    this.trouble = "";
  }

  /**
   * Read what was kept, and send what can be sent. Called by the page once it is there.
   *
   * Returns a promise of when it was read.
   */
  begin() {
    this.#began ??= this.#begin();
    return this.#began;
  }

  async #begin() {
    this.channel = new BroadcastChannel(`nearcrew-outbox-${this.crewId}`);
    this.channel.unref?.(); // where tests run, it would keep the process
    this.channel.onmessage = () => this.#readAgain().then(() => this.flush());
    window.addEventListener("online", () => this.flush({ atOnce: true }));
    document.addEventListener("visibilitychange", () => document.hidden || this.flush({ atOnce: true }));
    navigator.storage?.persist?.().catch(() => {}); // else it goes first when the disk fills up
    await this.#readAgain();
    this.flush();
  }

  /**
   * Keep an action, and send it when it can be sent.
   *
   * @param {object} wanted
   * @param {string} [wanted.clientId] its name, kept once by the server
   * @param {string} wanted.kind what it is: "accept", "message", "photo", …
   * @param {string} wanted.method of HTTP
   * @param {string} wanted.path below /api/v1
   * @param {object} wanted.body `client_id` is added, and under `clock` when it happened
   * @param {string} [wanted.clock] field of the body that takes the time, such as "occurred_at"
   * @param {Blob} [wanted.blob] sent with the body's fields as a form
   * @param {string} [wanted.field] the file's field in that form
   * @param {{orderId?: number, incidentId?: number}} [wanted.about]
   * @param {string[]} [wanted.after] names of actions without which it makes no sense
   * @param {string} [wanted.says] what it is, to be read by people
   * @param {object} [wanted.why] why it was refused, before it came here
   * @returns {Promise<object>} the action, once it is kept or the server has it
   */
  put({ clientId = newKey(), kind, method = "POST", path, body = {}, clock = null, blob = null, field = "photo", about = {}, after = [], says = kind, why = null }) {
    const known = this.actions.find((each) => each.clientId === clientId);
    if (known) return Promise.resolve(known);
    const deviceMs = Date.now();
    const action = {
      clientId,
      crewId: this.crewId,
      number: Math.max(deviceMs, (this.actions.at(-1)?.number ?? 0) + 1), // also by a clock that was set back
      lane: laneOf(kind, blob !== null),
      ...{ kind, method, path, body, about, after, says, clock, deviceMs },
      at: body[clock] ?? new Date(now()).toISOString(),
      sure: body[clock] !== undefined || clockKnown(),
      field: blob ? field : null,
      state: why ? "refused" : "waiting",
      why,
    };
    this.actions.push(action);
    if (blob) this.#files.set(clientId, blob);
    return new Promise((resolve) => {
      const entry = { kept: () => resolve(action) };
      this.#unkept.set(clientId, entry);
      entry.keeping = this.#keep(action);
      const patience = setTimeout(() => this.flush(), KEPT_SOON_MS);
      entry.keeping.then(() => {
        clearTimeout(patience);
        this.flush();
      });
      this.#changed({ put: action });
    });
  }

  /** Whether it would be there after the page is closed. */
  isKept = ({ clientId }) => !this.#unkept.has(clientId);

  /** What is neither told nor refused, optionally of some kinds only. */
  waiting = (...kinds) => underWay(this.actions).filter(({ kind }) => !kinds.length || kinds.includes(kind));

  /** What the page shows as done: waiting, or sent with the answer not yet taken in. */
  pending = (...kinds) =>
    this.actions.filter((each) => (each.state === "sent" || (each.state === "waiting" && !stoppedBy(each, this.actions))) && (!kinds.length || kinds.includes(each.kind)));

  /** Refused, or stopped by one that was: until somebody puts it away. */
  refused = (...kinds) =>
    this.actions.filter((each) => (each.state === "refused" || (each.state === "waiting" && stoppedBy(each, this.actions))) && (!kinds.length || kinds.includes(each.kind)));

  /** Not with the server, whatever became of it. */
  get unsent() {
    return this.actions.filter(({ state }) => state !== "sent");
  }

  /**
   * Be told of every change: {put}, {sent, answer}, {refused} or {} by another window. An action that
   * was sent stays in `pending` until what `listener` returned has settled.
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Send what can be sent; `atOnce`: also what only just failed. */
  flush({ atOnce = false } = {}) {
    if (atOnce) this.#rests.clear();
    for (const lane of LANES) if (atOnce || this.#lanes.get(lane).timer === null) this.#drain(lane);
  }

  /** Try a refused action again, and what waits for it. */
  async retry(clientId) {
    const again = withFollowers(clientId, this.actions).filter(({ state }) => state === "refused");
    for (const action of again) await this.#rewrite(action, { state: "waiting", why: null });
    this.flush({ atOnce: true });
  }

  /** Somebody has seen that it was refused: it goes, with what could only have come after it. */
  async putAway(clientId) {
    const action = this.actions.find((each) => each.clientId === clientId);
    if (action?.state !== "refused") return;
    const away = goingWith(action, this.actions).filter((each) => each.state !== "sent" && !this.sending.has(each.clientId));
    await this.#forget(away);
    this.#changed({});
  }

  /** Its photo or other file, or null. */
  async blobOf({ clientId }) {
    return this.#files.get(clientId) ?? this.store.blobOf(clientId);
  }

  async #keep(action) {
    const { clientId } = action;
    try {
      // Not without the one before it: another window would take that for sent.
      for (const id of action.after) await this.#unkept.get(id)?.keeping;
      if (action.after.some((id) => this.#unkept.has(id))) throw new DOMException("what it comes after is not kept", "AbortError");
      await this.store.keep(action, this.#files.get(clientId));
    } catch (error) {
      // It stays here, and is sent from here; what is said of it is that it is not kept.
      if (!this.#unkept.has(clientId)) return;
      this.trouble = error?.name === "QuotaExceededError" || error?.name === "AbortError" ? "full" : "forbidden";
      clearTimeout(this.keepAgain);
      this.keepAgain = setTimeout(() => this.#keepAll(), KEEP_AGAIN_MS);
      this.#changed({});
      return;
    }
    this.#settle(action);
    this.channel?.postMessage("kept");
    this.#changed({});
  }

  #keepAll() {
    for (const action of this.actions) {
      const entry = this.#unkept.get(action.clientId);
      if (entry) entry.keeping = entry.keeping.then(() => (this.#unkept.has(action.clientId) ? this.#keep(action) : undefined));
    }
  }

  /** It is kept, or need not be any more. */
  #settle({ clientId }) {
    this.#unkept.get(clientId)?.kept();
    this.#unkept.delete(clientId);
    this.#files.delete(clientId);
    if (!this.#unkept.size) this.trouble = "";
  }

  /** Take in what is in the database; what is newer here stays. */
  async #readAgain() {
    const keptBefore = new Set(this.actions.filter(this.isKept).map(({ clientId }) => clientId));
    const writtenBefore = new Set(this.#writing.keys());
    let rows;
    try {
      rows = await this.store.all();
    } catch {
      return; // storage is forbidden: actions live as long as this page does
    }
    const stored = new Map(rows.map((row) => [row.clientId, row]));
    const newerHere = ({ clientId, state }) => state === "sent" || writtenBefore.has(clientId) || this.#writing.has(clientId);
    const here = this.actions.filter((action) => stored.has(action.clientId) || newerHere(action) || !keptBefore.has(action.clientId));
    const known = new Map(here.map((action) => [action.clientId, action]));
    for (const row of rows) {
      const own = known.get(row.clientId);
      if (own && !newerHere(own)) Object.assign(own, row);
      if (!own && !this.#gone.has(row.clientId)) here.push(row);
    }
    const before = JSON.stringify(this.actions);
    this.actions = inOrder(here);
    if (JSON.stringify(this.actions) !== before) this.#changed({});
  }

  async #drain(name) {
    const lane = this.#lanes.get(name);
    if (lane.busy || !this.#next(name)) return;
    clearTimeout(lane.timer);
    lane.timer = null;
    lane.busy = true;
    try {
      await this.exclusively(`nearcrew-outbox-${this.crewId}-${name}`, async () => {
        await this.#readAgain(); // another window may have sent it meanwhile
        for (let action = this.#next(name); action; action = this.#next(name)) {
          if (!(await this.#send(action))) return this.#wait(name);
          lane.failures = 0;
        }
      }, name === "files" ? { patienceMs: FILE_PATIENCE_MS } : {});
    } finally {
      lane.busy = false;
    }
    if (lane.timer === null) this.#waitForRested(name);
  }

  #next(lane) {
    const rests = (id) => (this.#rests.get(id)?.untilMs ?? 0) > performance.now();
    const action = nextOf(lane, this.actions, rests);
    return action && !this.sending.has(action.clientId) ? action : null;
  }

  #wait(name) {
    const lane = this.#lanes.get(name);
    this.#tryAgain(name, atMost(name === "sos" || name === "safety" ? URGENT_RETRY_MS : RETRY_MS, lane.failures));
    lane.failures += 1;
    this.#changed({});
  }

  /** The rest of the lane is done; come back to what the server could not take a moment ago. */
  #waitForRested(name) {
    const resting = this.actions.filter(({ lane, clientId, state }) => lane === name && state === "waiting" && this.#rests.has(clientId));
    if (!resting.length) return;
    const soonest = Math.min(...resting.map(({ clientId }) => this.#rests.get(clientId).untilMs));
    this.#tryAgain(name, Math.max(0, soonest - performance.now()) + 1);
  }

  #tryAgain(name, inMs) {
    const lane = this.#lanes.get(name);
    clearTimeout(lane.timer);
    lane.timer = setTimeout(() => {
      lane.timer = null;
      this.#drain(name);
    }, inMs);
  }

  /** Send one; false when there is no use in sending another now. */
  async #send(action) {
    const { clientId } = action;
    this.sending.add(clientId);
    this.#changed({});
    try {
      await this.#fixTime(action);
      const blob = action.field ? await this.blobOf(action) : null;
      const answer = await transmit(action, blob);
      this.#rests.delete(clientId);
      await this.#sent(action, answer);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === "idempotency_mismatch") {
        // It has one of this name, sent before a clock was put right: it has what was done.
        await this.#sent(action, null);
        return true;
      }
      if (!error.later) {
        await this.#rewrite(action, { state: "refused", why: refusalOf(error) });
        this.#changed({ refused: action });
        return true;
      }
      if (error.offline || error.signedOut || error.status === 429) return false;
      // The server stumbles over this one: it stops nothing that does not come after it.
      const failures = (this.#rests.get(clientId)?.failures ?? 0) + 1;
      this.#rests.set(clientId, { failures, untilMs: performance.now() + atMost(RETRY_MS, failures) });
      return true;
    } finally {
      this.sending.delete(clientId);
      this.flush();
    }
  }

  /** A tap from before the server had told its time: this phone's clock is known by now. */
  async #fixTime(action) {
    if (action.sure || !clockKnown()) return;
    await this.#rewrite(action, { at: new Date(Math.min(byServer(action.deviceMs), now())).toISOString(), sure: true });
  }

  async #sent(action, answer) {
    action.state = "sent";
    const taken = this.#changed({ sent: action, answer });
    await this.#forget([action], { after: taken });
  }

  /** Change an action here and in the database. */
  async #rewrite(action, change) {
    Object.assign(action, change);
    const { clientId } = action;
    this.#writing.set(clientId, (this.#writing.get(clientId) ?? 0) + 1);
    try {
      await this.#unkept.get(clientId)?.keeping;
      await this.store.keep(action, this.#files.get(clientId));
      this.#settle(action);
    } catch {
      // What is in the database is older: it would be sent again after a reload, and be answered the same.
    } finally {
      const left = this.#writing.get(clientId) - 1;
      if (left) this.#writing.set(clientId, left);
      else this.#writing.delete(clientId);
    }
    this.channel?.postMessage("changed");
  }

  /** `after`: they stay on the screen until then. */
  async #forget(actions, { after = null } = {}) {
    const ids = new Set(actions.map(({ clientId }) => clientId));
    for (const id of ids) this.#gone.add(id);
    const leave = () => {
      this.actions = this.actions.filter(({ clientId }) => !ids.has(clientId));
    };
    if (after) after.then(() => { leave(); this.#changed({}); });
    else leave();
    await Promise.all(actions.map(({ clientId }) => this.#unkept.get(clientId)?.keeping));
    try {
      await this.store.forget([...ids]);
    } catch {
      // It would be sent again after a reload, and be known there by its name.
    }
    actions.forEach((action) => this.#settle(action));
    this.channel?.postMessage("gone");
  }

  #changed(what) {
    return Promise.allSettled([...this.#listeners].map((listener) => listener(what)));
  }
}

/** This phone's. */
export const outbox = new Outbox(boot.crew_id);
