// How much is reached: the whole, by area, and against the kept variant.
import { areaName } from "../cover/cover_labels.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";

const tenths = (percent) => percent.toFixed(1);

/** "+3.2 percentage points". */
export function difference(now, before) {
  const points = Math.round((now - before) * 10) / 10;
  const sign = points > 0 ? "+" : points < 0 ? "−" : "±";
  return `${sign}${Math.abs(points).toFixed(1)}`;
}

export class CoverPanel {
  constructor({ keep, drop }) {
    this.whole = el("p.plan-whole", { id: "plan-whole" });
    this.of = el("p.plan-of");
    this.notes = el("ul.plan-notes");
    this.slow = el("p.plan-slow", { role: "status" });
    this.failed = el("p.form-error", { role: "alert" });
    this.head = el("tr");
    this.rows = el("tbody");
    this.table = el("table.plan-areas", {}, el("thead", {}, this.head), this.rows);
    this.keepButton = el("button.secondary", { type: "button", id: "plan-keep", onclick: keep }, _("Keep to compare"));
    this.dropButton = el("button.quiet", { type: "button", onclick: drop }, _("Stop comparing"));
    this.legend = el("p.plan-legend", {},
      el("span.plan-gained", { "aria-hidden": "true" }), _("reached now only"), " ",
      el("span.plan-lost", { "aria-hidden": "true" }), _("reached by the kept one only"));
    this.compared = el("div.plan-compared");
    this.node = el("section.plan-cover", { "aria-label": _("Cover") },
      el("div.plan-figure", {}, this.whole, el("div", {}, this.of, this.compared)), this.slow, this.failed, this.notes,
      el("div.form-actions", {}, this.keepButton, this.dropButton), this.legend, this.table);
    this.draw(null, null, null);
  }

  sayFailed(message) {
    text(this.failed, message);
    this.node.classList.toggle("is-old", Boolean(message));
  }

  saySlow(is) {
    text(this.slow, is ? _("Computing…") : "");
  }

  /** `kept` is {name, answer, conditions} or null. */
  draw(answer, conditions, kept) {
    this.keepButton.disabled = !answer;
    this.dropButton.hidden = !kept;
    this.legend.hidden = !kept;
    this.table.hidden = !answer;
    text(this.whole, answer ? `${tenths(answer.covered_pct)} %` : "–");
    text(this.of, answer ? _("%(demand)s reached in %(minutes)s min", { demand: boot.planning.demands[conditions.demand], minutes: conditions.minutes }) : _("Click the map to set a standby point."));
    fill(this.notes, ...(answer ? notes(answer).map((note) => el("li", {}, note)) : []));
    fill(this.compared, kept && answer ? el("p.plan-difference", {}, el("b", {}, difference(answer.covered_pct, kept.answer.covered_pct)), " ", _("percentage points against “%(name)s” (%(percent)s %)", { name: kept.name, percent: tenths(kept.answer.covered_pct) })) : null);
    if (answer) this.#drawAreas(answer, kept);
  }

  #drawAreas({ areas, area_kind: kind }, kept) {
    const before = new Map((kept?.answer.areas ?? []).map((area) => [area.name, area.covered_pct]));
    fill(this.head, el("th", { scope: "col" }, _("Area")), el("th.number", { scope: "col" }, _("Demand")), el("th.number", { scope: "col" }, _("Reached")),
      kept ? el("th.number", { scope: "col" }, _("Difference")) : null);
    fill(this.rows, ...areas.map((area) => {
      const bar = el("span.plan-bar", { "aria-hidden": "true" });
      bar.style.setProperty("--share", `${area.covered_pct}%`);
      return el("tr", {},
        el("th", { scope: "row" }, areaName({ kind, ...area })),
        el("td.number", {}, `${tenths(area.demand)} %`),
        el("td.number", {}, bar, el("span.plan-share", {}, `${tenths(area.covered_pct)} %`)),
        kept ? el("td.number", {}, before.has(area.name) ? difference(area.covered_pct, before.get(area.name)) : "–") : null);
    }));
  }
}

/** What has to be known to read the figure rightly. */
function notes(answer) {
  return [
    answer.closures ? ngettext("One closure in force is taken into account.", "%(n)s closures in force are taken into account.", answer.closures) : "",
    answer.left_out ? ngettext("One incident lies off every road and is left out.", "%(n)s incidents lie off every road and are left out.", answer.left_out) : "",
    answer.off_road.length ? ngettext("One standby point lies off every road and reaches nothing.", "%(n)s standby points lie off every road and reach nothing.", answer.off_road.length) : "",
    answer.demand_count ? "" : _("There is no demand of this kind: nothing can be covered."),
  ].filter(Boolean);
}
