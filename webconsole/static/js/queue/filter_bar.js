// Filter bar of the queue: a text field that is always there, the rest behind one button, and the
// chosen filters as chips that can be removed.
import { STAGES, stageLabel } from "../assignments/progress.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { PRIORITIES, kindName, priorityLabel, utilityLabel } from "../core/labels.js";
import { on } from "../core/store.js";
import { zoneName, zones } from "../zones/zones.js";
import { WHOSE, chips, clearFilters, filters, setFilter, toggleFilter, utilities, whoseLabel } from "./queue_filters.js";
import { GROUPINGS, SORTINGS, order, setOrder } from "./queue_order.js";

const TYPING_MS = 120;

export class FilterBar {
  constructor() {
    this.open = false;
    this.typed = null; // what the field says and the filters do not yet
    this.text = el("input.filter-text", {
      type: "search", id: "queue-text", autocomplete: "off", placeholder: _("Filter the incidents"), "aria-label": _("Filter the incidents"), value: filters.text,
      oninput: () => this.#typed(),
      onkeydown: (event) => this.#keys(event),
    });
    this.button = el("button.secondary.filter-button", { type: "button", "aria-expanded": "false", "aria-controls": "queue-filters", onclick: () => this.toggle() });
    this.sheet = el("div.filter-sheet", { id: "queue-filters", hidden: true });
    this.chips = el("ul.filter-chips", { "aria-label": _("Filters in use"), hidden: true });
    this.node = el("div.filter-bar", {}, el("div.filter-line", {}, this.text, this.button), this.sheet, this.chips);
    for (const topic of ["filters", "zones"]) on(topic, () => this.draw());
    this.draw();
  }

  toggle(open = !this.open) {
    this.open = open;
    this.draw();
  }

  #typed() {
    clearTimeout(this.timer);
    this.typed = this.text.value;
    this.timer = setTimeout(() => {
      setFilter("text", this.typed);
      this.typed = null;
    }, TYPING_MS);
  }

  /** Esc empties the field first and leaves it then; it does not close what is chosen. */
  #keys(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (this.text.value) {
      this.text.value = "";
      this.#typed();
    } else this.text.blur();
  }

  draw() {
    if (this.typed === null && this.text.value !== filters.text) this.text.value = filters.text;
    const chosen = chips();
    const others = chosen.filter(({ id }) => id !== "text").length;
    text(this.button, others ? _("Filters (%(n)s)", { n: others }) : _("Filters"));
    this.button.setAttribute("aria-expanded", String(this.open));
    this.sheet.hidden = !this.open;
    if (this.open) this.#drawSheet();
    this.chips.hidden = chosen.length === 0;
    const look = chosen.map(({ id, label }) => `${id} ${label}`).join("|");
    if (look === this.look) return;
    this.look = look;
    fill(this.chips,
      chosen.map(({ label, remove }) => el("li", {}, el("button.chip.removable", { type: "button", "aria-label": _("Remove the filter %(what)s", { what: label }), onclick: remove }, label, el("span", { "aria-hidden": "true" }, " ×")))),
      chosen.length > 1 ? el("li", {}, el("button.quiet.small", { type: "button", onclick: clearFilters }, _("Clear all"))) : null);
  }

  #drawSheet() {
    const look = JSON.stringify([zones().map(({ id, version }) => [id, version])]);
    if (look !== this.sheetLook) {
      this.sheetLook = look;
      this.#buildSheet();
    }
    for (const button of this.sheet.querySelectorAll("button[data-filter]")) {
      button.setAttribute("aria-pressed", String(filters[button.dataset.filter].map(String).includes(button.dataset.value)));
    }
    for (const select of this.sheet.querySelectorAll("select[data-filter]")) select.value = filters[select.dataset.filter][0] ?? "";
    this.sheet.querySelector("#queue-group").value = order.group;
    this.sheet.querySelector("#queue-sort").value = order.sort;
  }

  #buildSheet() {
    const toggles = (label, name, values, word) =>
      el("div.filter-row", { role: "group", "aria-label": label }, el("span.label", {}, label),
        el("div.toggles", {}, values.map((value) => el("button.toggle", { type: "button", data: { filter: name, value }, onclick: () => toggleFilter(name, value) }, word(value)))));
    const choice = (id, label, options, onchange, data = {}) =>
      el("div.filter-row", {}, el("label", { for: id }, label),
        el("select", { id, data, onchange: (event) => onchange(event.target.value) }, options.map(([value, word]) => el("option", { value }, word))));
    const one = (name, read) => (value) => setFilter(name, value === "" ? [] : [read(value)]);
    const kinds = (boot.kinds ?? []).map(({ code }) => [code, kindName(code)]);
    const known = zones().map((each) => [String(each.id), zoneName(each)]);
    fill(this.sheet,
      toggles(_("Priority"), "priorities", PRIORITIES, (level) => el("span", { title: priorityLabel(level) }, `P${level}`)),
      toggles(_("State"), "states", STAGES, stageLabel),
      toggles(_("Utility"), "utilities", utilities(), utilityLabel),
      toggles(_("Whose"), "whose", WHOSE, whoseLabel),
      choice("queue-kind", _("Kind"), [["", _("all")], ...kinds], one("kinds", String), { filter: "kinds" }),
      known.length ? choice("queue-zone", _("Zone"), [["", _("all")], ...known], one("zones", Number), { filter: "zones" }) : null,
      choice("queue-group", _("Group by"), Object.entries(GROUPINGS).map(([code, word]) => [code, word()]), (group) => setOrder({ group })),
      choice("queue-sort", _("Sort by"), Object.entries(SORTINGS).map(([code, word]) => [code, word()]), (sort) => setOrder({ sort })));
  }
}
