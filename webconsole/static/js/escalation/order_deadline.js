// The deadline of an order, kept by the server: until when its crew has to answer or set out, what
// happens next, and who should go instead.
import { newKey, post } from "../core/api.js";
import { now, secondsSince } from "../core/clock.js";
import { timer, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { chainStepLabel } from "../core/labels.js";
import { putIncident, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { send } from "../sending/send.js";

const secondsUntil = (iso) => (Date.parse(iso) - now()) / 1000;
const OLD_ANSWER_S = 60; // orders that were sent before the server kept deadlines

/** Since when an order's crew should have answered (`waiting`: "answer") or set out; null while it has time. */
export function overdueSince(order, waiting, { since, afterS = OLD_ANSWER_S }) {
  const { chain } = order;
  if (!chain) return since && secondsSince(since) >= afterS ? since : null;
  return chain.waiting === waiting && chain.alarm_at && secondsUntil(chain.alarm_at) <= 0 ? since : null;
}

/** Seconds until the desk is alarmed; null when that is past, or nothing is waited for. */
export function secondsLeft({ chain }) {
  const leftS = chain?.waiting && chain.alarm_at ? secondsUntil(chain.alarm_at) : 0;
  return leftS > 0 ? leftS : null;
}

/** What the server does next and in how long: "Ring again in 0:12"; empty when there is nothing. */
export function nextStepLine({ chain }) {
  if (!chain?.waiting || !chain.next_at) return "";
  return _("%(what)s in %(time)s", { what: chainStepLabel(chain.next_action), time: timer(Math.max(secondsUntil(chain.next_at), 0)) });
}

/** Who should go instead, and how far that is; what is found by straight distance says so. */
export function nextBestLine({ chain }) {
  if (!chain?.sought_at) return "";
  const best = chain.next_best;
  if (!best) return _("no other crew is free");
  const far = best.travel_time_s === null ? _("%(km)s km in a straight line", { km: (best.distance_m / 1000).toFixed(1) }) : travelTime(best.travel_time_s);
  return _("next best is %(crew)s, %(time)s", { crew: best.crew_name, time: far });
}

/** Send the next best crew, instead of the order that is not answered if it is still alive. */
export function sendNextBest(incident, order) {
  const best = order.chain.next_best;
  const replaces = ["offered", "accepted"].includes(order.state) ? order : null;
  return send(incident, { id: best.crew_id, name: best.crew_name }, { replaces });
}

/** Give the crew more time; the alarm is silent until then, at every desk. */
export function keepWaiting(order) {
  const body = { client_id: newKey() };
  return attempt(() => post(`/assignments/${order.id}/wait`, body), (kept) => {
    const incident = state.incidents.get(kept.incident_id);
    if (incident) putIncident({ ...incident, assignments: incident.assignments.map((each) => (each.id === kept.id ? kept : each)) });
  });
}
