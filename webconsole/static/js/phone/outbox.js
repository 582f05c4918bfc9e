// Steps taken on the phone, sent to the server once and in order. A cellar has no signal: the step
// counts from the moment of the tap (`occurred_at`), and `client_id` makes a repeat harmless.
import { newKey, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { now } from "../core/clock.js";
import { RetryQueue } from "./retry_queue.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];

export class Outbox {
  /** `changed()` after every step in or out; `refused(error, step)` when the server says no. */
  constructor(crewId, { changed, refused }) {
    this.key = `nearcrew-outbox-${crewId}`;
    this.steps = readStored(this.key, []);
    this.changed = changed;
    this.sending = new RetryQueue({
      next: () => this.steps[0],
      send: ({ assignmentId, action, body }) => post(`/assignments/${assignmentId}/${action}`, body),
      refused,
      gone: () => this.#gone(),
      later: () => this.changed(),
      retryMs: RETRY_MS,
    });
  }

  add(assignmentId, action, details = {}) {
    const step = {
      assignmentId,
      action,
      body: { ...details, client_id: newKey(), occurred_at: new Date(now()).toISOString() },
    };
    this.steps.push(step);
    writeStored(this.key, this.steps);
    this.changed();
    this.flush();
  }

  /** Steps of one order that the server has not confirmed yet: {action, body}. */
  pendingFor(assignmentId) {
    return this.steps.filter((step) => step.assignmentId === assignmentId);
  }

  flush() {
    return this.sending.flush();
  }

  #gone() {
    this.steps.shift();
    writeStored(this.key, this.steps);
    return this.changed({ confirmed: true });
  }
}
