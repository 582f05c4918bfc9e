// Section of what crews measured under an incident's head, and what they said of the work at its end.
import { el, fill } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "../records/entry_list.js";
import { itemNode, nameIn, workLines } from "./form_labels.js";

const breaches = ({ assignments = [] }) => assignments.filter(({ breach, ended_at: ended }) => breach && !ended).length;
const hasBeenThere = ({ assignments = [] }) => assignments.some(({ arrived_at: arrived, work, breach }) => arrived || work || breach);

class Measurements {
  constructor(incidentId) {
    this.list = el("ol.entries.measurements", { "aria-label": _("Measurements") });
    this.none = el("p.told.empty", {}, _("Nothing was measured yet."));
    this.work = el("ul.work-said", { "aria-label": _("Work") });
    this.entries = new Entries(incidentId, { name: "measurements", kinds: ["assignment.measured"], draw: (found) => this.#draw(found) });
    this.node = el("div.measurement-section", {}, this.list, this.none, this.work, this.entries.failed);
  }

  close() {
    this.entries.stop();
  }

  update({ assignments = [] }) {
    fill(this.work, assignments.filter(({ work }) => work).map((order) => el("li", {}, el("b", {}, order.crew_name), workLines(order.work).map((line) => el("div", {}, line)))));
    this.work.hidden = !this.work.childElementCount;
  }

  #draw(found) {
    this.none.hidden = found.length > 0;
    fill(this.list, found.map((each) => el("li.entry", { data: { measurementId: each.id, verdict: each.verdict } },
      el("p.entry-head", {}, el("time", { datetime: each.taken_at }, clock(each.taken_at, { seconds: false })), " ", el("span.who-wrote", {}, each.crew_name), " · ", nameIn(each)),
      el("ul.measured-items", {}, each.items.map((item) => el("li", {}, itemNode(item)))))));
  }
}

addIncidentSection({
  id: "measurements",
  order: 45,
  title: () => _("Measurements and work"),
  when: hasBeenThere,
  calls: breaches,
  count: (incident) => breaches(incident) || null,
  make: (id) => new Measurements(id),
});
