// Steps taken on the phone reach the server, sooner or later, once and in order. A cellar has no
// signal: the step counts from the moment of the tap (`occurred_at`), and `client_id` makes a
// repeat harmless.
import { ApiError, newKey, post } from "../api.js";
import { now } from "../clock.js";
import { keep, readKept } from "./kept.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];

export class Outbox {
  /** `changed()` after every step in or out; `refused(error, step)` when the server says no. */
  constructor(crewId, { changed, refused }) {
    this.key = `nearcrew-outbox-${crewId}`;
    this.steps = readKept(this.key, []);
    this.changed = changed;
    this.refused = refused;
    this.failures = 0;
    this.sending = false;
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  add(assignmentId, action, details = {}) {
    const step = {
      assignmentId,
      action,
      body: { ...details, client_id: newKey(), occurred_at: new Date(now()).toISOString() },
    };
    this.steps.push(step);
    keep(this.key, this.steps);
    this.changed();
    this.flush();
  }

  /** Steps of one order that the server has not confirmed yet. */
  pendingFor(assignmentId) {
    return this.steps.filter((step) => step.assignmentId === assignmentId).map((step) => step.action);
  }

  async flush() {
    if (this.sending || !this.steps.length) return;
    clearTimeout(this.timer);
    this.sending = true;
    try {
      while (this.steps.length) {
        const [step] = this.steps;
        try {
          await post(`/assignments/${step.assignmentId}/${step.action}`, step.body);
          this.failures = 0;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.later) {
            this.#later();
            return;
          }
          this.refused(error, step);
        }
        this.steps.shift();
        keep(this.key, this.steps);
        await this.changed({ confirmed: true });
      }
    } finally {
      this.sending = false;
    }
  }

  #later() {
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    this.timer = setTimeout(() => this.flush(), wait);
    this.changed();
  }
}
