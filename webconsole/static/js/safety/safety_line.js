// The desk's line about a crew's safety at an order: until when it was well and when the next sign of
// life is due; what help it asked for.
import { now, secondsSince } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { age, clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { endHelp, sayWellFor } from "./safety_board.js";
import { workPlaceLabel } from "./safety_labels.js";

const LATE_S = 60;
const minute = (iso) => clock(iso, { seconds: false });

/** One sentence on a check-in: what is known, and what follows. */
export function checkInWords(watch) {
  const lateS = (Date.parse(watch.heard_at) - Date.parse(watch.well_at)) / 1000;
  const silent = watch.state === "missed" || watch.state === "escalated";
  const known = lateS >= LATE_S
    ? _("was all right at %(time)s, heard %(age)s later", { time: minute(watch.well_at), age: age(lateS) })
    : silent ? _("was all right at %(time)s", { time: minute(watch.well_at) }) : _("all right at %(time)s", { time: minute(watch.well_at) });
  const leftS = (Date.parse(watch.due_at) - now()) / 1000;
  const next = {
    well: () => (leftS > 0 ? _("next in %(time)s", { time: timer(leftS) }) : _("due now")),
    due: () => _("its phone rings since %(time)s", { time: minute(watch.due_at) }),
    missed: () => _("nothing for %(age)s", { age: age(secondsSince(watch.well_at)) }),
    escalated: () => _("nothing for %(age)s, supervisor told at %(time)s", { age: age(secondsSince(watch.well_at)), time: minute(watch.escalated_at) }),
  }[watch.state]();
  return [known, next, watch.place ? workPlaceLabel(watch.place) : ""].filter(Boolean).join(" · ");
}

export class SafetyLine {
  constructor() {
    this.words = el("span");
    this.well = el("button.secondary.small", { type: "button", title: _("The crew was reached by radio or telephone"), onclick: () => sayWellFor(this.order.crew_id) }, _("All right, by radio"));
    this.helpWords = el("span");
    this.helped = el("button.secondary.small", { type: "button", title: _("Another crew that is sent ends it by itself"), onclick: () => endHelp(this.order.safety.help) }, _("Help is seen to"));
    this.watch = el("div.safety-line", {}, this.words, this.well);
    this.help = el("div.safety-line.loud", {}, this.helpWords, this.helped);
    this.node = el("div", {}, this.watch, this.help);
  }

  draw(order) {
    this.order = order;
    const { check_in: watch, help } = order.safety ?? {};
    this.watch.hidden = !watch;
    this.help.hidden = !help;
    if (watch) {
      text(this.words, checkInWords(watch));
      this.watch.classList.toggle("loud", watch.state !== "well");
      this.well.hidden = watch.state === "well";
    }
    if (help) text(this.helpWords, help.words); // what it needs stands in the alarm above
  }
}
