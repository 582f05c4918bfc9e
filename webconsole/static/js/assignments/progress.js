// How far help for an incident is, and what may be said of an arrival: the one place where the
// display of an incident is derived from its orders. What was asked is not yet under way.
import { now, secondsSince } from "../core/clock.js";
import { clock, timer, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState, incidentState } from "../core/labels.js";
import { liveAssignments } from "../core/store.js";
import { shownState } from "../outcomes/outcome_labels.js";

/** From nobody is sent to all is done, as lists, filters, legends and the map tell them apart. */
export const STAGES = ["open", "offered", "accepted", "en_route", "on_scene", "due_later", "made_safe", "resolved"];
const ORDERS = STAGES.slice(1, 5);
const LATE_S = 60;

/** Compare two live orders: what is furthest goes first, then what is not queued, then who is there first. */
export function byProgress(a, b) {
  const there = ({ eta_at, travel_time_s }) => Date.parse(eta_at ?? "") || (travel_time_s ?? Number.MAX_VALUE);
  return ORDERS.indexOf(b.state) - ORDERS.indexOf(a.state) || a.rank - b.rank || there(a) - there(b) || a.id - b.id;
}

// Asked for every incident in each picture that the map draws; the store replaces what changes.
const leading = new WeakMap();

/** The order of an incident that is furthest; undefined where nobody is sent. */
export function leadingOrder(incident) {
  if (!leading.has(incident)) leading.set(incident, liveAssignments(incident).sort(byProgress)[0]);
  return leading.get(incident);
}

/** The API says `assigned` from the offer to the arrival; the stage is that of the leading order. */
export const stageOf = (incident) => (incident.state === "assigned" ? leadingOrder(incident)?.state ?? "assigned" : shownState(incident));

export const stageLabel = (stage) => (ORDERS.includes(stage) ? assignmentState(stage) : incidentState(stage));

export const stageOfLabel = (incident) => stageLabel(stageOf(incident));

/** Whether it waits behind another order of its crew, which is not asked to see to it yet. */
export const isQueued = (order) => order.rank > 0;

/** Since when an accepted order could be under way: queued ones only once they moved up. */
export const couldGoSince = ({ accepted_at, asked_at }) => (asked_at && (!accepted_at || asked_at > accepted_at) ? asked_at : accepted_at);

/**
 * What may be said of an arrival: {big, small, late}. A promise only after departure, a countdown
 * only while the crew drives; before that no more than how long it would take.
 */
export function arrivalOf(order) {
  const at = (iso) => clock(iso, { seconds: false });
  const { state, eta_at, arrived_at, departed_at, travel_time_s } = order;
  if (state === "on_scene") return { big: timer(secondsSince(arrived_at)), small: _("on scene since %(time)s", { time: at(arrived_at) }), late: false };
  if (state === "en_route") {
    if (!eta_at) return { big: "", small: _("set out %(time)s, road time unknown", { time: at(departed_at) }), late: false };
    const late = secondsSince(eta_at);
    if (late > 0) return { big: _("%(age)s late", { age: travelTime(late) }), small: _("was expected at %(time)s", { time: at(eta_at) }), late: late > LATE_S };
    return { big: travelTime((Date.parse(eta_at) - now()) / 1000), small: _("expected at %(time)s", { time: at(eta_at) }), late: false };
  }
  return { big: "", small: onceSetOut(travel_time_s), late: false };
}

const onceSetOut = (seconds) =>
  (typeof seconds === "number" ? _("about %(time)s once they set out", { time: travelTime(seconds) }) : _("road time unknown"));

/** The same on one line, for rows, tooltips and the command line. */
export function arrivalLine(order) {
  const { big, small } = arrivalOf(order);
  if (order.state === "en_route" && order.eta_at) return secondsSince(order.eta_at) > 0 ? `${big} · ${small}` : small;
  return small;
}

export const queuedLabel = (order) => (isQueued(order) ? _("after %(n)s other", { n: order.rank }) : "");
