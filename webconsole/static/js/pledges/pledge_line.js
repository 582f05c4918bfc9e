// The line under an incident's head: how much is left, and whether even the best crew would be too late.
import { leadingOrder } from "../assignments/progress.js";
import { now } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { selectedIncident, state } from "../core/store.js";
import { arrivalClock, clockName, firstClock, isMissed, lateByS } from "./pledge_clock.js";
import { drawMark, pledgeMark } from "./pledge_mark.js";

const arrivalS = ({ travel_time_s, free_in_s }) => (free_in_s ?? 0) + travel_time_s;

/** When somebody will be there: {seconds from now, crew}, of who drives, else of the best that could. */
function expected(incident) {
  const order = leadingOrder(incident);
  if (order) return order.eta_at ? { seconds: (Date.parse(order.eta_at) - now()) / 1000, crew: order.crew_name } : null;
  if (!state.candidates || selectedIncident()?.id !== incident.id) return null; // they are of the panel's own
  const able = state.candidates.candidates.filter((each) => each.verdict !== "excluded" && each.travel_time_s !== null);
  const best = able.sort((a, b) => arrivalS(a) - arrivalS(b))[0];
  return best ? { seconds: arrivalS(best), crew: best.crew_name, best: true } : null;
}

/** The breach that is to be expected, in words; empty where there is none. */
export function predicted(incident) {
  const clock = arrivalClock(incident);
  const coming = clock && !isMissed(clock) && expected(incident);
  if (!coming) return "";
  const lateS = lateByS(clock, coming.seconds);
  if (lateS <= 0) return "";
  const named = { crew: coming.crew, late: travelTime(lateS) };
  return coming.best ? _("Even the best crew (%(crew)s) comes %(late)s too late", named) : _("%(crew)s comes %(late)s too late", named);
}

export class PledgeLine {
  constructor() {
    this.mark = pledgeMark();
    this.name = el("span.pledge-name");
    this.late = el("span.pledge-late", { role: "status" });
    this.node = el("p.pledge-line", { hidden: true }, this.mark, this.name, this.late);
  }

  draw(incident) {
    const clock = incident && firstClock(incident);
    this.node.hidden = !clock;
    if (!clock) return;
    drawMark(this.mark, clock);
    text(this.name, clockName(clock));
    const words = predicted(incident);
    text(this.late, words && `▲ ${words}`);
  }
}
