// What was measured for the orders in hand: what the server has, and what is still on this phone.
import { ApiError, get } from "../core/api.js";
import { unsentOf } from "./measurement_sending.js";

const byTime = (a, b) => Date.parse(a.taken_at) - Date.parse(b.taken_at);

export class MeasuredStore {
  #told = new Map(); // order id → as the server answers

  /** `changed()`: the list differs. */
  constructor({ changed }) {
    this.changed = changed;
  }

  /** All of an order in time: {taken_at, form, name_en, name_zh, items, state: "told" | "waiting" | "refused"}. */
  of(order) {
    const told = this.#told.get(order.id) ?? [];
    const known = new Set(told.map(({ client_id: id }) => id));
    const own = unsentOf(order).filter(({ client_id: id }) => !known.has(id));
    return [...told.map((entry) => ({ ...entry, state: "told" })), ...own].sort(byTime);
  }

  /** Codes of the forms that were filled in; what the desk did not take does not count. */
  filled(order) {
    return new Set(this.of(order).filter(({ state }) => state !== "refused").map(({ form }) => form));
  }

  /** Read what the server has; without signal what it last said. */
  async learn(order) {
    try {
      const { measurements } = await get(`/incidents/${order.incident.id}/measurements`);
      this.#told.set(order.id, measurements.filter((each) => each.assignment_id === order.id));
      this.changed();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
