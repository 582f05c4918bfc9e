// A list of an incident's record that stays as the server has it.
import { ApiError, get } from "../api.js";
import { el, text } from "../dom.js";
import { on } from "../store.js";

export class Entries {
  /** `draw(entries)` is called with what the server has, now and after every event of `kind`. */
  constructor(incidentId, { name, kind, draw }) {
    this.path = `/incidents/${incidentId}/${name}`;
    this.name = name;
    this.draw = draw;
    this.failed = el("p.form-error", { role: "alert", hidden: true });
    this.asked = 0;
    this.stop = on("event", (event) => event.incident_id === incidentId && event.kind === kind && this.refresh());
    this.refresh();
  }

  async refresh() {
    const asked = (this.asked += 1);
    try {
      const answer = await get(this.path);
      if (asked !== this.asked) return; // a newer question is on its way
      this.failed.hidden = true;
      this.draw(answer[this.name]);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.failed, error.message);
      this.failed.hidden = false;
    }
  }
}
