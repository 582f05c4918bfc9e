// The queue of incidents: the most urgent first, then the longest waiting; or grouped and sorted as
// this browser was set to.
import { arrange, el, fill, refocus, sameOrder, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { on, select, selectedIncident, state, touch } from "../core/store.js";
import { pinInTheMiddle } from "../incidents/pinning.js";
import { isLater } from "../outcomes/outcome_labels.js";
import { keepPlace } from "../widgets/scroll_anchor.js";
import { proposeButton } from "../proposals/propose_button.js";
import { closeManyButton } from "./close_many.js";
import { FilterBar } from "./filter_bar.js";
import { clearFilters, hiddenIncidents, isFiltered, passes } from "./queue_filters.js";
import { compare, groupOf, groupsOf, order } from "./queue_order.js";
import { makeRow, tickRow, updateRow } from "./queue_row.js";

/** What can be done with all incidents of a group at once, in its heading. */
const HEADING_ACTS = { open: proposeButton, done: closeManyButton };

export class QueuePanel {
  constructor(node, { reload, centre }) {
    this.node = node;
    this.centre = centre;
    this.reload = reload;
    this.rows = new Map();
    this.groups = new Map();
    this.bar = new FilterBar();
    this.#build();
    this.place = keepPlace(this.scroll);
    on("incidents", () => this.draw());
    for (const topic of ["selection", "alarms", "rested"]) on(topic, () => this.draw());
    for (const topic of ["filters", "zones"]) on(topic, () => this.draw({ settle: true }));
    on("tick", () => this.#tick());
    this.draw();
  }

  #build() {
    const pin = el("button.secondary", { type: "button", data: { command: "incident.pin" }, title: _("Or right-click (long-press) the map"), onclick: () => pinInTheMiddle(this.centre) }, _("Report an incident"));
    this.message = el("div.empty");
    this.older = el("p.older", { hidden: true }, _("Older ones are not shown here; close what is done."));
    this.list = el("div.groups");
    this.scroll = el("div.scroll", {}, this.message, this.list, this.older);
    // Under the list, where it pushes no row away.
    this.hiddenLabel = el("span");
    this.hidden = el("div.hidden-note", { hidden: true }, this.hiddenLabel, el("button.secondary.small", { type: "button", onclick: clearFilters }, _("Show all")));
    this.loud = el("div.hidden-alarm", { role: "alert" });
    fill(this.node, el("header.panel-head", {}, el("h2", {}, _("Incidents")), pin), this.bar.node, this.scroll, this.loud, this.hidden);
    this.node.addEventListener("keydown", (event) => this.#keys(event));
  }

  #keys(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (event.target.matches("select")) return;
    const rows = [...this.node.querySelectorAll(".incident-row")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))].focus();
    event.preventDefault();
  }

  /**
   * While a hand aims in the list every row stays in its group and place, even when it would stand
   * elsewhere or nowhere by now; what is new comes to the end of its group. `settle`: somebody asked
   * for another order, so nothing holds.
   */
  draw({ settle = false } = {}) {
    const held = !settle && this.place.aiming();
    const placed = this.#placed(held);
    const keys = new Set([...placed.values()].map(({ group }) => group));
    const groups = groupsOf(keys);
    const focused = document.activeElement;
    for (const [id] of this.rows) if (!placed.has(id)) this.rows.delete(id);
    arrange(this.list, groups.map((group) => this.#group(group).section));
    for (const group of groups) this.#fill(group, [...placed.values()].filter((each) => each.group === group.id), held);
    for (const [id] of this.groups) if (!groups.some((group) => group.id === id)) this.groups.delete(id);
    refocus(focused);
    this.older.hidden = !state.olderResolved;
    this.#sayHidden();
    this.#sayEmpty(placed.size);
  }

  /** Where each incident stands: {incident, group, gone} by its number, in the order of the sort. */
  #placed(held) {
    const placed = new Map();
    for (const incident of [...state.incidents.values()].sort(compare)) {
      const group = passes(incident) ? groupOf(incident) : null;
      const before = held ? this.rows.get(incident.id)?.group : null;
      if (before ?? group) placed.set(incident.id, { incident, group: before ?? group, gone: group === null });
    }
    return placed;
  }

  #group({ id, title }) {
    let found = this.groups.get(id);
    if (!found) {
      const heading = el("span.title");
      const count = el("span.n");
      const list = el("ul.rows", { "aria-label": title });
      found = { heading, count, list, section: el("section.group", { data: { group: id } }, el("h3", {}, heading, " ", count, HEADING_ACTS[id]?.() ?? null), list) };
      this.groups.set(id, found);
    }
    text(found.heading, title);
    return found;
  }

  #fill({ id }, items, held) {
    const { section, list, count } = this.groups.get(id);
    section.hidden = items.length === 0;
    text(count, String(items.filter(({ gone }) => !gone).length));
    const byId = new Map(items.map((item) => [item.incident.id, item]));
    const shown = [...list.children].map((row) => row.incident.id).filter((each) => byId.has(each));
    const ids = held ? sameOrder([...byId.keys()], shown) : [...byId.keys()];
    const chosen = selectedIncident()?.id;
    arrange(list, ids.map((each) => {
      const { incident, gone } = byId.get(each);
      if (!this.rows.has(each)) this.rows.set(each, makeRow(incident));
      const row = this.rows.get(each);
      row.group = id;
      updateRow(row, incident, { picked: each === chosen, gone, headed: order.group === "state" && groupOf(incident) === id });
      return row;
    }));
  }

  /** A filter must not swallow an alarm: how many are hidden, and loud when it is an emergency. */
  #sayHidden() {
    const { hidden, loud } = isFiltered() ? hiddenIncidents() : { hidden: [], loud: [] };
    this.hidden.hidden = hidden.length === 0;
    text(this.hiddenLabel, _("%(n)s hidden by the filters", { n: hidden.length }));
    const look = loud.map(({ id }) => id).join();
    if (look === this.loudLook) return;
    this.loudLook = look;
    if (!loud.length) fill(this.loud);
    else {
      const [first] = loud;
      const sentence = loud.length === 1
        ? _("Hidden by the filters, and nobody is sent: %(incident)s", { incident: `P1 ${incidentTitle(first)}` })
        : _("Hidden by the filters, and nobody is sent: %(n)s emergencies", { n: loud.length });
      const show = () => {
        clearFilters();
        select("incident", first.id);
      };
      fill(this.loud, el("strong", {}, sentence), el("button", { type: "button", onclick: show }, _("Show")));
    }
  }

  #sayEmpty(shown) {
    const phase = isFiltered() && state.loading.incidents === "ready" ? "filtered" : state.loading.incidents;
    this.message.hidden = shown > 0;
    const look = shown > 0 ? "" : phase;
    if (this.message.dataset.look === look) return;
    this.message.dataset.look = look;
    if (phase === "loading") fill(this.message, el("p", {}, _("Loading the incidents…")));
    else if (phase === "filtered") fill(this.message, el("p", {}, _("No incident passes the filters.")));
    else if (phase === "failed") {
      fill(this.message, el("p", {}, _("The incidents could not be loaded.")), el("button.secondary", { type: "button", onclick: this.reload }, _("Try again")));
    } else {
      fill(
        this.message,
        el("p.calm", {}, _("Nothing is waiting.")),
        el("p", {}, _("Right-click or long-press the map to report an incident there.")),
      );
    }
  }

  #tick() {
    for (const row of this.rows.values()) tickRow(row);
    // A follow-up that was due later waits for a crew from now on.
    if ([...this.rows.values()].some((row) => row.group === "later" && !isLater(row.incident))) touch("incidents");
  }
}
