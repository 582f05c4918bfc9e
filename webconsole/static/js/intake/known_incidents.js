// Unfinished incidents near the pin, proposed before a second one is opened for the same leak, with
// what speaks for it: one key adds the call to the first of them as a report.
import { ApiError, get } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { assignmentState, incidentState, incidentTitle } from "../core/labels.js";
import { liveAssignments, on, state } from "../core/store.js";
import { callsLabel } from "../merging/calls_label.js";
import { whyLabels } from "../merging/likeness_labels.js";

const PAUSE_MS = 200; // while the pin is being dragged
const MOST = 3;

/** Who is coming, or that nobody is. */
function helpLabel(incident) {
  const [first, ...more] = liveAssignments(incident);
  if (!first) return incidentState(incident.state);
  const crew = `${first.crew_name}${more.length ? ` +${more.length}` : ""}`;
  return _("%(crew)s: %(state)s", { crew, state: assignmentState(first.state) });
}

export class KnownIncidents {
  /** `same(incident, distanceM)` is called when somebody says that it is this one. */
  constructor({ same }) {
    this.same = same;
    this.found = [];
    this.asked = "";
    this.list = el("ul");
    this.heading = el("strong", { role: "status" });
    this.node = el("section.known-incidents", { hidden: true, "aria-label": _("Already reported?") }, this.heading, this.list);
    this.stops = [on("incidents", () => this.#draw()), on("slow", () => this.#draw())];
  }

  close() {
    for (const stop of this.stops) stop();
    clearTimeout(this.soon);
    this.asking?.abort();
  }

  /** The pin is here, and this is what is reported, if that was said: look again if either changed. */
  follow(place, kind, address = "") {
    const query = `lon=${place.lon}&lat=${place.lat}${kind ? `&kind=${encodeURIComponent(kind)}` : ""}${address ? `&address=${encodeURIComponent(address)}` : ""}`;
    if (query === this.asked) return;
    const first = !this.asked;
    this.asked = query;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.#ask(query), first ? 0 : PAUSE_MS);
  }

  async #ask(query) {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const { incidents } = await get(`/incidents/near?${query}&limit=${MOST}`, { signal: asking.signal });
      if (this.asking !== asking) return;
      this.found = incidents;
      this.#draw();
    } catch (error) {
      // A proposal that does not come delays nobody: the form is there to be filled in.
      if (!(error instanceof ApiError) && !asking.signal.aborted) throw error;
    }
  }

  /** Say that it is the one at this place of the list; false where there is none. */
  choose(index) {
    const chosen = this.found[index];
    if (!chosen) return false;
    this.same(chosen.incident, chosen.distance_m);
    return true;
  }

  #draw() {
    const wasHidden = this.node.hidden;
    this.node.hidden = this.found.length === 0;
    if (this.node.hidden) {
      if (!wasHidden) fill(this.list);
      return;
    }
    const likely = this.found.some((each) => each.likely);
    text(this.heading, likely ? _("Very likely reported already") : _("Already reported?"));
    this.node.classList.toggle("likely", likely);
    const look = this.found.map(({ incident }) => incident.id).join();
    if (this.look !== look || wasHidden) {
      this.look = look;
      fill(this.list, this.found.map((each, index) => this.#row(each, index)));
    }
    for (const [index, row] of [...this.list.children].entries()) this.#say(row, this.found[index]);
  }

  #row({ incident }, index) {
    const several = this.found.length > 1;
    const keys = [index === 0 ? el("kbd", {}, "S") : null, several || index > 0 ? el("kbd", {}, `Alt ${index + 1}`) : el("kbd", {}, "Alt S")];
    const title = el("b");
    const place = el("span.address");
    const facts = el("span.facts");
    const row = el("li", {}, el("div.body", {}, el("div", {}, title), place, facts),
      el("button.secondary.same", { type: "button", data: { incidentId: incident.id }, title: _("Add this call to %(incident)s", { incident: incidentTitle(incident) }), onclick: () => this.choose(index) }, _("Same"), " ", keys));
    row.parts = { title, place, facts };
    return row;
  }

  #say({ parts }, { incident: found, likely, ...why }) {
    const incident = state.incidents.get(found.id) ?? found;
    const calls = incident.reports_count > 1 ? ` ${callsLabel(incident)}` : "";
    text(parts.title, `P${incident.priority} ${incidentTitle(incident)}${calls}`);
    text(parts.place, incident.address);
    text(parts.facts, [...whyLabels({ ...why, incident }), helpLabel(incident)].join(" · "));
    parts.title.closest("li").classList.toggle("likely", Boolean(likely));
  }
}
