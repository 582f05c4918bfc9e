// The section of the danger radius: how far it reaches, and which other open incidents lie inside.
import { newKey, put } from "../core/api.js";
import { el, keyed, text } from "../core/dom.js";
import { exactDistance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { on, putIncident, select, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { readRadius } from "../sending/radius.js";
import { insideDanger } from "./inside_danger.js";
import { awayLabel } from "./likeness_labels.js";
import { askToMerge } from "./merge_dialog.js";

const ENDED = ["closed", "cancelled", "merged"];

class Danger {
  constructor(incidentId) {
    this.id = incidentId;
    this.list = el("ul.inside-danger", { "aria-label": _("Open incidents inside the danger radius") });
    this.empty = el("p.hint");
    this.field = el("input", { id: "danger-radius", size: "7", autocomplete: "off", "aria-describedby": "danger-radius-wrong" });
    this.wrong = el("span.field-error", { id: "danger-radius-wrong" });
    this.back = el("button.quiet.small", { type: "button", onclick: () => this.#set(null) }, _("As its kind"));
    const form = el("form.danger-form", { onsubmit: (event) => this.#submit(event) },
      el("label", { for: this.field.id }, _("Danger radius")), this.field, el("button.secondary.small", { type: "submit" }, _("Set radius")), this.back, this.wrong);
    this.node = el("div.danger", {}, this.list, this.empty, form);
    this.stop = on("incidents", () => this.update(state.incidents.get(this.id)));
  }

  close() {
    this.stop();
  }

  update(incident) {
    if (!incident) return;
    const inside = insideDanger(incident);
    keyed(this.list, inside, {
      key: (each) => each.incident.id,
      create: () => this.#row(),
      update: (row, each) => this.#say(row, each),
      frozen: this.list.matches(":hover"),
    });
    text(this.empty, inside.length ? "" : incident.danger_radius_m ? _("No other open incident lies inside it.") : _("No danger radius is set."));
    this.empty.hidden = inside.length > 0;
    this.back.hidden = !incident.danger_radius_set;
    if (document.activeElement !== this.field) this.field.value = incident.danger_radius_m ? exactDistance(incident.danger_radius_m) : "0";
  }

  #row() {
    const row = el("li");
    row.open = el("button.quiet.inside-name", { type: "button", onclick: () => select("incident", row.other.id) });
    row.facts = el("span.facts");
    row.merge = el("button.secondary.small", { type: "button", onclick: () => askToMerge(row.other, this.id) }, _("Merge…"));
    row.append(el("div", {}, row.open, row.facts), row.merge);
    return row;
  }

  #say(row, { incident, distanceM }) {
    row.other = incident;
    text(row.open, `P${incident.priority} ${incidentTitle(incident)}`);
    text(row.facts, [awayLabel(distanceM), incident.address].filter(Boolean).join(" · "));
    row.merge.title = _("Merge %(incident)s into this one", { incident: incidentTitle(incident) });
  }

  #submit(event) {
    event.preventDefault();
    const typed = this.field.value.trim();
    // So near a bare number is metres.
    const metres = typed === "0" ? 0 : readRadius(/\d$/.test(typed) ? `${typed} m` : typed);
    text(this.wrong, metres === null ? _("A radius is a distance, such as 800 m or 2.5 km.") : "");
    if (metres !== null) this.#set(metres);
  }

  #set(radiusM) {
    this.field.blur();
    attempt(() => put(`/incidents/${this.id}/danger-radius`, { radius_m: radiusM, client_id: newKey() }));
  }
}

/** A kind's new radius comes without its incidents. */
on("event", ({ kind, data }) => {
  if (kind !== "kind.danger_set") return;
  for (const incident of [...state.incidents.values()]) {
    if (incident.kind === data.kind && !incident.danger_radius_set) putIncident({ ...incident, danger_radius_m: data.radius_m });
  }
});

addIncidentSection({
  id: "danger",
  order: 15,
  title: () => _("Danger radius"),
  open: false,
  kept: false,
  when: (incident) => !ENDED.includes(incident.state),
  calls: (incident) => insideDanger(incident).length,
  count: (incident) => [incident.danger_radius_m ? exactDistance(incident.danger_radius_m) : "", insideDanger(incident).length ? _("%(n)s inside", { n: insideDanger(incident).length }) : ""].filter(Boolean).join(" · ") || null,
  make: (id) => new Danger(id),
});
