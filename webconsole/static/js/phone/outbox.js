// Steps taken on the phone, sent to the server once and in order. A cellar has no signal: the step
// counts from the moment of the tap (`occurred_at`), and `client_id` makes a repeat harmless.
import { newKey, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { now } from "../core/clock.js";
import { RetryQueue } from "./retry_queue.js";

/** What an order is after a step that leaves it alive. */
const AFTER = { accept: "accepted", depart: "en_route", arrive: "on_scene" };
const RETRY_MS = [1000, 2000, 5000, 10000, 20000];

export class Outbox {
  /** `changed()` after every step in or out; `refused(error, step)` when the server says no. */
  constructor(crewId, { changed, refused }) {
    this.key = `nearcrew-outbox-${crewId}`;
    this.steps = readStored(this.key, []);
    this.changed = changed;
    this.sending = new RetryQueue({
      next: () => this.steps[0],
      send: ({ assignmentId, noticeId, action, body }) =>
        post(noticeId === undefined ? `/assignments/${assignmentId}/${action}` : `/notices/${noticeId}/understood`, body),
      refused,
      gone: () => this.#gone(),
      later: () => this.changed(),
      retryMs: RETRY_MS,
    });
  }

  add(assignmentId, action, details = {}) {
    this.#add({ assignmentId, action }, details);
  }

  /** A notice was understood, and with it the older ones of its order. */
  confirm(noticeId, assignment) {
    this.#add({ noticeId, assignment });
  }

  #add(step, details = {}) {
    this.steps.push({ ...step, body: { ...details, client_id: newKey(), occurred_at: new Date(now()).toISOString() } });
    writeStored(this.key, this.steps);
    this.changed();
    this.flush();
  }

  /** Steps of one order that the server has not confirmed yet: {action, body}. */
  pendingFor(assignmentId) {
    return this.steps.filter((step) => step.assignmentId === assignmentId);
  }

  /** Orders as they are here and now: the server's state, and the taps it has not heard of yet. */
  applyTo(orders) {
    return orders
      .map((order) => {
        const steps = this.pendingFor(order.id);
        if (!steps.length) return order;
        const { action } = steps.at(-1);
        const arrived = steps.find((step) => step.action === "arrive")?.body.occurred_at;
        return action in AFTER ? { ...order, state: AFTER[action], arrived_at: order.arrived_at ?? arrived, pending: true } : null;
      })
      .filter(Boolean)
      .sort((a, b) => a.rank - b.rank);
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
