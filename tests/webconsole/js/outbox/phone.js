// A crew's phone for tests of what it keeps: windows that share one disk, and a server that keeps each
// name once.
import assert from "node:assert/strict";
import { NodeFormData, openPage } from "../page.js";

export class Server {
  /** What reached it: {path, body}. */
  heard = [];
  /** What it has: name → path. */
  kept = new Map();
  reached = true;
  /** Path → problem. */
  refusals = new Map();
  /** Paths at which it stumbles. */
  troubles = new Set();
  /** Paths whose next answer gets lost. */
  lostAnswers = new Set();

  constructor() {
    globalThis.fetch = (url, { body }) => this.#answer(url.replace("/api/v1", ""), body);
  }

  async #answer(path, sent) {
    await this.onTheWay();
    const answer = this.#take(path, sent);
    await this.onTheWay();
    return answer;
  }

  /** How long a request and an answer take. */
  onTheWay = async () => {};

  #take(path, sent) {
    if (!this.reached) throw new TypeError("no network");
    const body = sent instanceof FormData ? Object.fromEntries(sent) : JSON.parse(sent);
    this.heard.push({ path, body });
    if (this.troubles.has(path)) return Response.json({}, { status: 500 });
    const problem = this.refusals.get(path);
    if (problem) return Response.json(problem, { status: 409 });
    this.kept.set(body.client_id, path);
    if (this.lostAnswers.delete(path)) throw new TypeError("the line went dead");
    return Response.json({ path });
  }

  get paths() {
    return this.heard.map(({ path }) => path);
  }
}

/** The browser's locks, one holder each. */
function webLocks() {
  const queues = new Map();
  return {
    request(name, _options, act) {
      const turn = (queues.get(name) ?? Promise.resolve()).then(act);
      queues.set(name, turn.catch(() => {}));
      return turn;
    },
  };
}

/**
 * {page, server, tab}: `tab(name)` opens a window, or the same one again after a reload.
 *
 * `locks`: whether the browser has Web Locks, as on https.
 */
export function phone(t, { locks = true } = {}) {
  let server = null;
  // What still tries to be sent would keep the page from closing.
  t.after(() => (server.onTheWay = () => new Promise(() => {})));
  const page = openPage(t, { boot: { crew_id: 7, username: "east" } });
  globalThis.FormData = NodeFormData;
  if (locks) Object.defineProperty(page.window.navigator, "locks", { value: webLocks() });
  server = new Server();
  const tab = async (name = "") => {
    const { outbox } = await page.script("outbox/outbox", { tab: name });
    await outbox.begin();
    return outbox;
  };
  return { page, server, tab };
}

export async function until(page, holds) {
  for (let turn = 0; turn < 200 && !holds(); turn += 1) await page.settle();
  assert.ok(holds());
}

export const step = (action, order = 1, more = {}) => ({ kind: action, path: `/assignments/${order}/${action}`, clock: "occurred_at", about: { orderId: order }, says: action, ...more });

/** A disk without room: requests succeed, and the transaction is aborted all the same. */
export function fullDisk() {
  const real = IDBObjectStore.prototype.put;
  const { commit } = IDBTransaction.prototype;
  IDBTransaction.prototype.commit = () => {}; // no promise of the disk's
  IDBObjectStore.prototype.put = function put(...given) {
    const request = real.apply(this, given);
    request.addEventListener("success", () => this.transaction.abort());
    return request;
  };
  return () => {
    IDBObjectStore.prototype.put = real;
    IDBTransaction.prototype.commit = commit;
  };
}
