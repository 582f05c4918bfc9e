// The week: crews down, days across; each shift a button, and a plus where one can be added.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { addShift, editShift } from "./shift_dialog.js";
import { addDays, dayLabel, markLabel, mondayOf, shiftLabel } from "./shift_labels.js";

const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

export class WeekGrid {
  constructor(node, { changed }) {
    this.changed = changed;
    this.monday = mondayOf(boot.today);
    this.day = el("input", { type: "date", "aria-label": _("Week of"), value: this.monday, onchange: () => this.day.value && this.#show(mondayOf(this.day.value)) });
    this.error = el("p.form-error", { role: "alert" });
    this.table = el("table.week", { onkeydown: (event) => this.#keys(event) });
    const step = (label, days, sign) => el("button.secondary.small", { type: "button", "aria-label": label, title: label, onclick: () => this.#show(addDays(this.monday, days)) }, sign);
    fill(node,
      el("div.week-bar", {}, el("h2", {}, _("Week")), step(_("Week before"), -7, "‹"), this.day, step(_("Week after"), 7, "›"),
        el("button.secondary.small", { type: "button", onclick: () => this.#show(mondayOf(boot.today)) }, _("This week")),
        el("span.told", {}, _("Times are those of %(zone)s.", { zone: boot.time_zone }))),
      this.error, el("div.week-scroll", {}, this.table));
  }

  #show(monday) {
    this.monday = monday;
    this.day.value = monday;
    return this.load();
  }

  async load() {
    try {
      const [{ shifts }, { templates }, { crews }] = await Promise.all([
        get(`/shifts?first=${addDays(this.monday, -1)}&last=${addDays(this.monday, 6)}`), get("/shift-templates"), get("/shifts/now"),
      ]);
      text(this.error, "");
      this.#draw(shifts, templates, new Map(crews.map((each) => [each.crew_id, each])));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.message);
    }
  }

  #draw(shifts, templates, now) {
    const place = this.#focused();
    const days = Array.from({ length: 7 }, (_unused, number) => addDays(this.monday, number));
    const of = (crew, day) => shifts.filter((each) => each.crew_id === crew.id && each.day === day);
    const acts = { templates, done: this.changed };
    const head = el("tr", {}, el("th", { scope: "col" }, _("Crew")), days.map((day) => el("th", { scope: "col", "aria-current": day === boot.today ? "date" : null }, dayLabel(day))));
    let station = null;
    const rows = boot.crews.toSorted((a, b) => (a.station_name ?? "").localeCompare(b.station_name ?? "") || a.name.localeCompare(b.name)).flatMap((crew) => {
      const mark = markLabel(now.get(crew.id)?.mark);
      const row = el("tr", {}, el("th", { scope: "row" }, crew.name, mark ? el("span.rota-mark", {}, mark) : null), days.map((day) => this.#cell(crew, day, of(crew, day), acts)));
      const heading = crew.station_name !== station && crew.station_name ? [el("tr.station", {}, el("th", { colspan: "8", scope: "rowgroup" }, crew.station_name))] : [];
      station = crew.station_name;
      return [...heading, row];
    });
    fill(this.table, el("thead", {}, head), el("tbody", {}, rows.length ? rows : el("tr", {}, el("td.told", { colspan: "8" }, _("There are no crews yet.")))));
    this.#at(place)?.focus();
  }

  #cell(crew, day, shifts, acts) {
    const label = (words) => _("%(crew)s, %(day)s: %(what)s", { crew: crew.name, day: dayLabel(day), what: words });
    const buttons = shifts.map((shift) => {
      const signs = [shift.by_hand ? "✎" : "", shift.swap_id ? "⇄" : ""].filter(Boolean).join(" ");
      const words = [shiftLabel(shift), shift.by_hand ? _("changed by hand") : "", shift.swap_id ? _("swap asked for") : ""].filter(Boolean).join(", ");
      return el("button.shift", { type: "button", "aria-label": label(words), onclick: () => editShift(shift, acts) },
        el("span.hours", {}, `${shift.from_time}–${shift.to_time}`), " ", el("span.name", {}, shift.name), signs ? el("span.signs", { "aria-hidden": "true" }, signs) : null);
    });
    const add = boot.may_plan ? el("button.add", { type: "button", "aria-label": label(_("add a shift")), onclick: () => addShift(crew, day, acts) }, "+") : null;
    return el("td", {}, buttons, add);
  }

  /** Arrows go from cell to cell, as in a table; Tab goes through all. */
  #keys(event) {
    const step = STEPS[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    event.preventDefault();
    let row = cell.parentElement;
    const column = cell.cellIndex + step[1];
    do row = step[0] > 0 ? row.nextElementSibling : step[0] < 0 ? row.previousElementSibling : row;
    while (step[0] && row && row.classList.contains("station"));
    row?.cells[column]?.querySelector("button")?.focus();
  }

  #focused() {
    const cell = document.activeElement?.closest?.(".week td");
    return cell ? [cell.parentElement.rowIndex, cell.cellIndex] : null;
  }

  #at(place) {
    return place && this.table.rows[place[0]]?.cells[place[1]]?.querySelector("button");
  }
}
