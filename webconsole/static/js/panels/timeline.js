// What happened to an incident, in order, with who and when.
import { ApiError, get } from "../api.js";
import { el, fill } from "../dom.js";
import { clock } from "../format.js";
import { _ } from "../i18n.js";
import { on, state } from "../store.js";
import { declineWord, eventWord, resultWord } from "../words.js";

export class Timeline {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.list = el("ol.timeline");
    this.node = el("section.timeline-panel", {}, el("h3", {}, _("Timeline")), this.list);
    this.stop = on("event", (event) => {
      if (event.incident_id === incidentId) this.refresh();
    });
    this.refresh();
  }

  close() {
    this.stop();
  }

  async refresh() {
    try {
      const { events } = await get(`/incidents/${this.incidentId}/timeline`);
      fill(this.list, events.map((event) => this.#entry(event)));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(this.list, el("li", {}, error.message));
    }
  }

  #entry(event) {
    const crew = event.crew_id ? state.crews.get(event.crew_id)?.name ?? event.data?.crew_name : null;
    const details = [crew, event.actor, this.#note(event)].filter(Boolean).join(" · ");
    return el(
      "li",
      { data: { kind: event.kind } },
      el("time", { title: event.at }, clock(event.occurred_at ?? event.at)),
      el("div", {}, el("span.what", {}, eventWord(event.kind)), details ? el("span.detail", {}, ` ${details}`) : null),
    );
  }

  #note(event) {
    const data = event.data ?? {};
    const parts = [];
    if (data.result) parts.push(resultWord(data.result));
    if (data.reason) parts.push(declineWord(data.reason));
    return parts.join(" · ");
  }
}
