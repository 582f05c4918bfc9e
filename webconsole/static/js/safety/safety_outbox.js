// Signs of life and calls of a crew, kept on the phone until the server has them. They do not wait
// behind the steps of orders, and an SOS waits behind nothing.
import { newKey, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { now } from "../core/clock.js";
import { RetryQueue } from "../phone/retry_queue.js";

const RETRY_MS = [500, 1000, 2000, 4000];

export class SafetyOutbox {
  /** `changed({confirmed})` after everything in or out; `refused(error)` when the server says no. */
  constructor(crewId, { changed, refused }) {
    this.path = `/crews/${crewId}`;
    this.key = `nearcrew-safety-${crewId}`;
    this.entries = readStored(this.key, []);
    this.changed = changed;
    const queue = (isMine) =>
      new RetryQueue({
        next: () => this.entries.find(isMine),
        send: ({ what, body }) => post(`${this.path}/${what}`, body),
        refused,
        gone: (entry) => this.#gone(entry),
        later: () => this.changed(),
        retryMs: RETRY_MS,
      });
    this.queues = [queue(({ what }) => what === "sos"), queue(({ what }) => what !== "sos")];
  }

  /** `what`: check-in, sos or need-help. */
  add(what, details = {}) {
    const at = new Date(now()).toISOString();
    this.entries.push({ what, body: { ...details, client_id: newKey(), occurred_at: at } });
    writeStored(this.key, this.entries);
    this.changed();
    this.flush();
  }

  /** What of a kind the server does not have yet. */
  pending(what) {
    return this.entries.filter((entry) => entry.what === what);
  }

  flush() {
    for (const queue of this.queues) queue.flush();
  }

  #gone(entry) {
    this.entries = this.entries.filter((each) => each !== entry);
    writeStored(this.key, this.entries);
    return this.changed({ confirmed: true });
  }
}
