// The section of what was merged into an incident: by whom and why, and how each is taken out again.
import { el, keyed } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "../records/entry_list.js";
import { unmerge } from "./merges.js";

class Merged {
  constructor(incidentId) {
    this.list = el("ul.merged-list", { "aria-label": _("Merged incidents") });
    this.entries = new Entries(incidentId, { name: "merged", kinds: ["incident.merged_in", "incident.parted"], draw: (merged) => this.#draw(merged) });
    this.node = el("div", {}, this.list, this.entries.failed);
  }

  close() {
    this.entries.stop();
  }

  #draw(merged) {
    keyed(this.list, merged, { key: (each) => each.incident.id, create: (each) => this.#row(each), update: () => {} });
  }

  #row({ incident, merged_at: at, merged_by: who, reason }) {
    const out = el("button.secondary.small", { type: "button", onclick: async () => {
      out.disabled = true;
      await unmerge(incident);
      out.disabled = false;
    } }, _("Take out"));
    out.title = _("%(incident)s becomes an incident of its own again, with all that came with it", { incident: incidentTitle(incident) });
    return el("li", {}, el("div", {}, el("b", {}, incidentTitle(incident)), " ", incident.address,
      el("span.facts", {}, [_("%(who)s, %(time)s", { who, time: clock(at, { seconds: false }) }), reason].filter(Boolean).join(" · "))), out);
  }
}

addIncidentSection({
  id: "merged",
  order: 42,
  title: () => _("Merged incidents"),
  open: false,
  when: (incident) => incident.merged_count > 0,
  count: (incident) => incident.merged_count,
  make: (id) => new Merged(id),
});
