// Choice of when a repair is due, by large buttons: today, tomorrow, in 3 days, or picked.
import { now } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

const EVENING_H = 18;
const DAY_MS = 24 * 3600 * 1000;
const YEAR_MS = 365 * DAY_MS;

/** The evening of a day from today on; of today its last minute once the evening has begun. */
function evening(days) {
  const at = new Date(now());
  at.setDate(at.getDate() + days);
  at.setHours(EVENING_H, 0, 0, 0);
  if (at.getTime() <= now()) at.setHours(23, 59, 0, 0);
  return at;
}

const forField = (at) => new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);

export class DueChoice {
  constructor() {
    this.at = null;
    const choices = [[0, _("Today")], [1, _("Tomorrow")], [3, _("In 3 days")]];
    this.buttons = choices.map(([days, label]) => el("button.big", { type: "button", "aria-pressed": "false", onclick: (event) => this.#choose(evening(days), event.currentTarget) }, label));
    this.field = el("input", {
      type: "datetime-local", "aria-label": _("Another time"), hidden: true,
      min: forField(new Date(now())), max: forField(new Date(now() + YEAR_MS - DAY_MS)),
      onchange: () => this.field.value && this.#choose(new Date(this.field.value), this.other),
    });
    this.other = el("button.big", { type: "button", "aria-pressed": "false", onclick: () => this.#pick() }, _("Pick…"));
    this.said = el("output.told");
    this.node = el("fieldset.due-choice", { hidden: true },
      el("legend", {}, _("When is the repair due?")), el("div.due-buttons", {}, this.buttons, this.other), this.field, this.said);
    this.#say();
  }

  /** ISO 8601, or null for the usual time. */
  get value() {
    return this.at && !this.node.hidden ? this.at.toISOString() : null;
  }

  #pick() {
    this.field.hidden = false;
    this.field.focus();
    this.field.showPicker?.();
  }

  #choose(at, button) {
    this.at = at;
    for (const each of [...this.buttons, this.other]) each.setAttribute("aria-pressed", String(each === button));
    this.#say();
  }

  #say() {
    text(this.said, this.at ? _("Due %(time)s", { time: clock(this.at.toISOString(), { seconds: false }) }) : _("Without a choice: in the usual time."));
  }
}
