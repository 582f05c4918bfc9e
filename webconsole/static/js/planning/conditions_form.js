// Under which conditions the plan is looked at: minutes, who drives, when, and what counts.
import { boot } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { _, isChinese } from "../core/i18n.js";
import { field } from "../widgets/form_fields.js";

const HOURS = 24;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

function weekday(at) {
  return new Intl.DateTimeFormat(isChinese() ? "zh-CN" : "en-GB", { weekday: "long", timeZone: "UTC" }).format(new Date(MONDAY + at * DAY_MS));
}

const option = ([value, words]) => el("option", { value }, words);

export class ConditionsForm {
  constructor(plan) {
    this.plan = plan;
    const [least, most] = boot.planning.limits.minutes;
    this.minutes = el("input", { id: "plan-minutes", type: "number", min: least, max: most, step: 0.5, required: true, oninput: () => this.#minutes() });
    this.demand = el("select", { id: "plan-demand", onchange: () => plan.set({ demand: this.demand.value }) }, Object.entries(boot.planning.demands).map(option));
    this.profile = el("select", { id: "plan-profile", onchange: () => plan.set({ profile: this.profile.value }) },
      [["normal", _("By the rules")], ["emergency", _("With blue lights")]].map(option));
    this.day = el("select", { id: "plan-day", onchange: () => this.#hour() }, [["", _("The present hour")], ...Array.from({ length: 7 }, (unused, at) => [at, weekday(at)])].map(option));
    this.hour = el("select", { id: "plan-hour", onchange: () => this.#hour() }, Array.from({ length: HOURS }, (unused, at) => [at, `${String(at).padStart(2, "0")}:00`]).map(option));
    this.alike = el("p.plan-alike", { id: "plan-alike" });
    this.hourField = field(this.hour, _("Hour"));
    this.node = el("form.plan-conditions", { "aria-label": _("Conditions"), onsubmit: (event) => event.preventDefault() },
      field(this.minutes, _("Minutes")), field(this.demand, _("Demand")), field(this.profile, _("Driving")), field(this.day, _("Day of the week")), this.hourField, this.alike);
    plan.on((what) => what === "conditions" && this.draw());
    this.draw();
  }

  draw() {
    const { minutes, demand, profile, hour_of_week: hour } = this.plan.conditions;
    if (Number(this.minutes.value) !== minutes) this.minutes.value = String(minutes);
    this.demand.value = demand;
    this.profile.value = profile;
    this.day.value = hour === null ? "" : String(Math.floor(hour / HOURS));
    if (hour !== null) this.hour.value = String(hour % HOURS);
    this.hourField.hidden = hour === null;
  }

  /** Say that the hour makes no difference where no speeds are known by hour. */
  sayHours(differ) {
    const chosen = this.plan.conditions.hour_of_week !== null;
    text(this.alike, differ || !chosen ? "" : _("No speeds by hour are set here: all hours are alike."));
  }

  #minutes() {
    this.minutes.setAttribute("aria-invalid", String(!this.minutes.checkValidity()));
    if (this.minutes.checkValidity()) this.plan.set({ minutes: this.minutes.valueAsNumber });
  }

  #hour() {
    this.plan.set({ hour_of_week: this.day.value === "" ? null : Number(this.day.value) * HOURS + Number(this.hour.value || 0) });
  }
}
