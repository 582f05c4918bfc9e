// Tells the server how far an order got on this page: delivered, rang, seen. Each is said until the
// server has it, and once.
import { ApiError, post } from "../core/api.js";
import { now } from "../core/clock.js";

export class OrderMarks {
  constructor() {
    this.marks = new Map(); // by order: mark to {at, told}
    this.busy = false;
  }

  /** What is true of an order now: {delivered, rang, seen}. */
  note(orderId, reached) {
    const known = this.marks.get(orderId) ?? this.marks.set(orderId, new Map()).get(orderId);
    for (const [mark, is] of Object.entries(reached)) {
      if (is && !known.has(mark)) known.set(mark, { at: new Date(now()).toISOString(), told: false });
    }
    this.tell();
  }

  /** Orders that this page no longer has are nothing to tell of. */
  keep(orderIds) {
    for (const id of this.marks.keys()) if (!orderIds.has(id)) this.marks.delete(id);
  }

  #untold() {
    for (const [orderId, known] of this.marks) {
      const marks = [...known].filter(([, { told }]) => !told);
      if (marks.length) return { orderId, marks };
    }
    return null;
  }

  async tell() {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let next = this.#untold(); next; next = this.#untold()) {
        const { orderId, marks } = next;
        await post(`/assignments/${orderId}/marks`, { marks: marks.map(([mark, { at }]) => ({ mark, occurred_at: at })) });
        for (const [, each] of marks) each.told = true;
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // said again with the next look at the orders
    } finally {
      this.busy = false;
    }
  }
}
