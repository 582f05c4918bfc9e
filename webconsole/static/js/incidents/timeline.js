// Timeline of an incident: its events in order, with time, age and who did what.
import { secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { clock, duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { Entries } from "../records/entry_list.js";
import { eventSentence } from "./event_sentences.js";

export class Timeline {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.list = el("ol.timeline", { "aria-label": _("Timeline") });
    this.entries = new Entries(incidentId, { name: "timeline", field: "events", draw: (events) => this.#draw(events) });
    this.node = el("div.timeline-panel", {}, this.list, this.entries.failed);
    this.aside = el("a.replay-link", { href: `/replay/incident/${incidentId}` }, _("Replay"));
    this.stopAgeing = on("slow", () => this.#ages());
  }

  close() {
    this.entries.stop();
    this.stopAgeing();
  }

  #draw(events) {
    keyed(this.list, events, {
      key: (event) => event.id,
      create: (event) => this.#entry(event),
      update: (row, event) => text(row.what, `${this.#of(event)}${eventSentence(event, this.#crewName(event))}`),
    });
    this.#ages();
  }

  /** Of which merged incident it tells. */
  #of({ incident_id: id }) {
    return id && id !== this.incidentId ? `#${id}: ` : "";
  }

  #crewName(event) {
    if (!event.crew_id) return null;
    const assignments = state.incidents.get(this.incidentId)?.assignments ?? [];
    return state.crews.get(event.crew_id)?.name ?? assignments.find((each) => each.crew_id === event.crew_id)?.crew_name ?? event.data?.crew_name ?? _("a crew of another unit");
  }

  #entry(event) {
    const at = event.occurred_at ?? event.at;
    const row = el("li", { data: { kind: event.kind } });
    row.at = at;
    row.what = el("span.what");
    row.ago = el("span.ago");
    row.append(el("time", { datetime: at, title: at }, clock(at)), row.what, row.ago);
    return row;
  }

  #ages() {
    for (const row of this.list.children) text(row.ago, _("%(age)s ago", { age: duration(secondsSince(row.at)) }));
  }
}
