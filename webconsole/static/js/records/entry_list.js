// List of entries of an incident's record, kept as the server has it.
import { ApiError, get } from "../core/api.js";
import { el, text } from "../core/dom.js";
import { on } from "../core/store.js";

export class Entries {
  /**
   * `draw(entries)` is called with what the server has, now and after every event of these `kinds`
   * (left out: of any). `field`: under which name the answer has them; left out: that of the path.
   * `whole`: it is called with the whole answer. `query()`: what is asked for, such as "?limit=20".
   */
  constructor(incidentId, { name, kinds = null, field = name, whole = false, query = () => "", draw }) {
    this.path = `/incidents/${incidentId}/${name}`;
    this.field = field;
    this.draw = draw;
    this.whole = whole;
    this.query = query;
    this.failed = el("p.form-error", { role: "alert", hidden: true });
    this.asked = 0;
    this.stops = [
      on("event", (event) => event.incident_id === incidentId && (!kinds || kinds.includes(event.kind)) && this.refresh()),
      on("reset", () => this.refresh()),
    ];
    this.refresh();
  }

  stop() {
    for (const stop of this.stops) stop();
  }

  async refresh() {
    const asked = (this.asked += 1);
    try {
      const answer = await get(`${this.path}${this.query()}`);
      if (asked !== this.asked) return; // a newer question is on its way
      this.failed.hidden = true;
      this.draw(this.whole ? answer : answer[this.field]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.asked) return;
      text(this.failed, error.message);
      this.failed.hidden = false;
    }
  }
}
