// Photos and notes of a crew that are waiting to be sent. They are too large for where the steps
// wait, so they wait in IndexedDB: through a reload, a dead battery and a cellar without signal.
// What was already sent is recognised by its client id: the server keeps it once.
import { newKey } from "../core/api.js";
import { RetryQueue } from "./retry_queue.js";

const DATABASE = "nearcrew-record";
const STORE = "waiting";
const RETRY_MS = [2000, 5000, 15000, 30000];

function opened() {
  return new Promise((done, fail) => {
    const asking = indexedDB.open(DATABASE, 1);
    asking.onupgradeneeded = () => asking.result.createObjectStore(STORE, { keyPath: "clientId" });
    asking.onsuccess = () => done(asking.result);
    asking.onerror = () => fail(asking.error);
    asking.onblocked = () => fail(new Error("blocked"));
  });
}

/** Run one request on the store and wait until it is safely written. */
async function onStore(mode, request) {
  const database = await opened();
  try {
    return await new Promise((done, fail) => {
      const transaction = database.transaction(STORE, mode);
      const asking = request(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asking.result);
      transaction.onerror = transaction.onabort = () => fail(transaction.error);
    });
  } finally {
    database.close();
  }
}

export class RecordBox {
  /**
   * `send(entry)` sends one, `changed(entry)` is called after every entry in or out, `refused(error,
   * entry)` when the server says no. An entry: {clientId, crewId, incidentId, kind, facts, blob}.
   */
  constructor(crewId, { send, changed, refused }) {
    Object.assign(this, { crewId, changed });
    this.entries = [];
    this.sending = new RetryQueue({
      next: () => this.entries[0],
      send,
      refused,
      gone: (entry) => this.#forget(entry),
      later: () => this.changed(null),
      retryMs: RETRY_MS,
    });
    this.ready = this.#restore();
  }

  async #restore() {
    try {
      const kept = await onStore("readonly", (store) => store.getAll());
      const known = new Set(this.entries.map(({ clientId }) => clientId));
      this.entries.unshift(...kept.filter((entry) => entry.crewId === this.crewId && !known.has(entry.clientId)));
      this.entries.sort((a, b) => a.addedAt - b.addedAt);
    } catch {
      // Storage is forbidden or full: entries live as long as this page does.
    }
    this.changed(null);
    this.flush();
  }

  async add(incidentId, kind, facts, blob = null) {
    const entry = { clientId: newKey(), crewId: this.crewId, incidentId, kind, facts, blob, addedAt: Date.now() };
    try {
      await onStore("readwrite", (store) => store.put(entry));
    } catch {
      // as above
    }
    // Said to be kept when it is; unless what was left here is just being looked up, and it with that.
    if (!this.entries.some(({ clientId }) => clientId === entry.clientId)) this.entries.push(entry);
    this.changed(entry);
    this.flush();
  }

  /** How many of a kind wait, for one incident or for all. */
  waiting(kind, incidentId = null) {
    return this.entries.filter((entry) => entry.kind === kind && (incidentId === null || entry.incidentId === incidentId)).length;
  }

  flush() {
    return this.sending.flush();
  }

  async #forget(entry) {
    this.entries = this.entries.filter(({ clientId }) => clientId !== entry.clientId);
    this.changed(entry);
    try {
      await onStore("readwrite", (store) => store.delete(entry.clientId));
    } catch {
      // It would be sent again after a reload, and be known there by its name.
    }
  }
}
