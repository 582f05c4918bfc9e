// The incident sections that belong to no other room: candidates, details, past crews, timeline.
import { AssignmentList, pastOrders } from "../assignments/assignment_list.js";
import { secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock, coordinates, duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { CandidatesSection } from "../sending/candidate_section.js";
import { copyButton } from "../widgets/copy_button.js";
import { addIncidentSection } from "./section_registry.js";
import { Timeline } from "./timeline.js";

const ENDED = ["closed", "cancelled", "merged"];

/** What was told of it, and where exactly it is. */
class Details {
  constructor(incidentId) {
    this.id = incidentId;
    this.node = el("dl.details");
    this.reported = el("span");
    this.stop = on("slow", () => this.#age());
  }

  close() {
    this.stop();
  }

  update(incident) {
    const row = (label, ...value) => (value.some(Boolean) ? [el("dt", {}, label), el("dd", {}, value)] : []);
    const place = coordinates(incident.lon, incident.lat);
    const phone = incident.caller_phone ? el("span.tel", {}, incident.caller_phone) : null;
    const caller = [incident.caller_name, incident.caller_name && phone ? " · " : "", phone].filter(Boolean);
    fill(
      this.node,
      row(_("Address"), incident.address ? el("span.exact", {}, incident.address) : null, incident.address ? copyButton(_("Copy the address"), () => incident.address) : null),
      row(_("Coordinates"), el("span.exact", {}, place), copyButton(_("Copy the coordinates"), () => place)),
      row(_("Description"), incident.description),
      row(_("Caller"), ...caller),
      row(_("Reported"), this.reported),
      row(_("Reason"), incident.outcome_reason),
      row(_("Personal data"), incident.erased_at ? _("erased at %(time)s, having been kept long enough", { time: clock(incident.erased_at) }) : null),
    );
    this.#age();
  }

  /** What ages is written by itself: who copies the address keeps the button. */
  #age() {
    const incident = state.incidents.get(this.id);
    if (incident) text(this.reported, `${clock(incident.reported_at)} · ${_("%(age)s ago", { age: duration(secondsSince(incident.reported_at)) })}`);
  }
}

addIncidentSection({
  id: "candidates",
  needs: "assignment.send",
  order: 10,
  title: () => _("Candidates"),
  when: (incident) => !ENDED.includes(incident.state),
  make: (id) => new CandidatesSection(id),
});
addIncidentSection({ id: "details", order: 20, title: () => _("Details"), make: (id) => new Details(id) });
addIncidentSection({
  id: "earlier",
  order: 70,
  title: () => _("Earlier orders"),
  count: (incident) => pastOrders(incident).length,
  when: (incident) => pastOrders(incident).length > 0,
  make: () => new AssignmentList("ul.assignments.past", pastOrders),
});
addIncidentSection({ id: "timeline", order: 80, title: () => _("Timeline"), make: (id) => new Timeline(id) });
