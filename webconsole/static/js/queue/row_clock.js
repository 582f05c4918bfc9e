// The clock that matters in a row of the queue: how long it waits, until somebody is there, since when
// somebody is, or by how much the crew is late.
import { arrivalOf, couldGoSince, isQueued, leadingOrder, stageOf } from "../assignments/progress.js";
import { now, secondsSince } from "../core/clock.js";
import { clock, duration, timer, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { secondsLeft } from "../escalation/order_deadline.js";
import { alarmWord } from "../notifications/alarm_kinds.js";
import { isLater } from "../outcomes/outcome_labels.js";

const LATE_S = 60;
const running = (since, what) => ({ big: timer(secondsSince(since)), what, loud: false });
const reported = (incident) => incident.reported_at ?? incident.created_at;

/** By stage: {big, what, loud}, the time itself and what it counts. */
const CLOCKS = {
  open: (incident) => (incident.due_at ? following(incident) : running(reported(incident), _("waiting"))),
  offered: (incident, order) => (isQueued(order) || !order.asked_at ? running(order.offered_at, _("queued")) : answering(order)),
  accepted: (incident, order) => running(couldGoSince(order), isQueued(order) ? _("queued") : _("not set out")),
  en_route: (incident, order) => driving(order),
  on_scene: (incident, order) => running(order.arrived_at, _("on scene")),
  made_safe: (incident) => CLOCKS.resolved(incident),
  resolved: (incident) => ({ big: duration(secondsSince(incident.updated_at)), what: _("ago"), loud: false }),
};

/** How long a crew has left to answer; then for how long it was asked. */
function answering(order) {
  const leftS = secondsLeft(order);
  return leftS === null ? running(order.asked_at, _("no answer")) : { big: timer(leftS), what: _("to answer"), loud: false };
}

/** A follow-up: the time that it is due, until that is near, and by how much it is overdue. */
function following(incident) {
  const leftS = (Date.parse(incident.due_at) - now()) / 1000;
  if (leftS < 0) return { big: duration(-leftS), what: _("overdue"), loud: true };
  if (isLater(incident)) return { big: clock(incident.due_at, { seconds: false }), what: _("due"), loud: false };
  return { big: duration(leftS), what: _("until due"), loud: false };
}

function driving(order) {
  if (!order.eta_at) return running(order.departed_at, _("driving"));
  const lateS = secondsSince(order.eta_at);
  if (lateS > 0) return { big: travelTime(lateS), what: _("late"), loud: lateS > LATE_S };
  const leftS = (Date.parse(order.eta_at) - now()) / 1000;
  return { big: travelTime(leftS), what: _("until there"), loud: false };
}

// Nothing runs any more, so what such a row is loud about is never its own clock.
const OVER = ["made_safe", "resolved"];

/** `alarm`: the incident's alarm, if there is one; what it is about is loud until it is acknowledged. */
export function rowClock(incident, alarm) {
  const stage = stageOf(incident);
  const rings = Boolean(alarm && !alarm.seen);
  if (rings && OVER.includes(stage)) return { ...running(alarm.since, alarmWord(alarm)), loud: true };
  const told = (CLOCKS[stage] ?? CLOCKS.open)(incident, leadingOrder(incident));
  return { ...told, loud: told.loud || rings };
}

export const clockTitle = (incident) => _("Reported at %(time)s", { time: clock(reported(incident)) });
