// The kinds of alarms about an order: when each is due, and what it says. A further kind is one
// more entry here and one in dispatch/alarms/states.py.
import { couldGoSince, isQueued } from "../assignments/progress.js";
import { boot } from "../core/boot.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { declineLabel, incidentTitle } from "../core/labels.js";
import { LIMIT_EXCEEDED } from "../forms/limit_alarm.js";
import { overdueSince } from "../escalation/order_deadline.js";
import { UNCONFIRMED } from "../notices/notice_alarm.js";
import { UNTAKEN } from "../offers/offer_labels.js";
import { CHECK_IN_MISSED, HELP_WANTED } from "../safety/safety_alarms.js";
import { isNotDone, lastEnded, notDoneLine } from "../outcomes/outcome_labels.js";

/** Nobody is sent, and this was the last who was. */
const wasLast = (incident, order) => incident.state === "open" && incident.assignments.at(-1).id === order.id;
const isWaited = ({ state }) => state === "offered" || state === "accepted";
/** What is the supervisor's is one alarm, and not two. */
const supervised = (order, incident) => (order.chain?.supervisor_at && (isWaited(order) || wasLast(incident, order)) ? order.chain.supervisor_at : null);
const unlessSupervised = (since) => (order, incident) => (supervised(order, incident) ? null : since(order, incident));

/**
 * `since(order, incident)`: since when it is an alarm; null while it is none. `what(order, names, incident)`:
 * the sentence, the same as long as the alarm lasts, for it is spoken. `short(order)`: the same in a row,
 * beside the crew's name. `sound`: which of the news.
 */
export const ALARM_KINDS = {
  supervisor: {
    get sound() {
      return boot.roles?.includes("supervisor") ? "emergency" : "unanswered";
    },
    since: supervised,
    what: (order, names) => (order.state === "accepted"
      ? _("Supervisor: %(crew)s accepted and does not set out: %(incident)s", names)
      : _("Supervisor: nobody takes %(incident)s", names)),
    short: () => _("supervisor called"),
  },
  check_in_missed: CHECK_IN_MISSED,
  help_wanted: HELP_WANTED,
  limit_exceeded: LIMIT_EXCEEDED,
  unanswered: {
    sound: "unanswered",
    since: unlessSupervised((order) => (order.state === "offered" && order.asked_at ? overdueSince(order, "answer", { since: order.asked_at }) : null)),
    what: (order, names) => _("%(crew)s has not answered: %(incident)s", names),
    short: () => _("no answer"),
  },
  unconfirmed: UNCONFIRMED,
  not_set_out: {
    sound: "unanswered",
    since: unlessSupervised((order) => (order.state === "accepted" && !isQueued(order) ? overdueSince(order, "setting_out", { since: couldGoSince(order), afterS: boot.set_out_s ?? Infinity }) : null)),
    what: (order, names) => _("%(crew)s accepted, but has not set out: %(incident)s", names),
    short: () => _("has not set out"),
  },
  refused: {
    sound: "trouble",
    since: unlessSupervised((order, incident) => (["declined", "expired"].includes(order.state) && wasLast(incident, order) ? order.ended_at ?? order.offered_at : null)),
    what: (order, names) => (order.state === "expired"
      ? _("%(crew)s did not answer in time: %(incident)s waits again", names)
      : _("%(crew)s declined: %(incident)s waits again", names)),
    short: (order) => (order.state === "expired" ? _("did not answer in time") : [_("declined"), order.reason && declineLabel(order.reason)].filter(Boolean).join(": ")),
  },
  not_done: {
    sound: "trouble",
    since: (order, incident) => (isNotDone(incident) && lastEnded(incident, "not_done")?.id === order.id ? order.ended_at : null),
    what: (order, names, incident) => _("Not done: %(incident)s: %(why)s", { ...names, why: notDoneLine(incident) }),
    short: () => _("not done"),
  },
};

/** Alarms about an incident itself, which no order is about: `since(incident)`, `what(incident, names)`, `short(incident)`. */
export const INCIDENT_ALARMS = { untaken: UNTAKEN };

/** Which of the news an alarm sounds like. */
export const alarmSound = ({ kind }) => (INCIDENT_ALARMS[kind] ?? ALARM_KINDS[kind]).sound;

/** What is the matter, in a word or two. */
export const alarmWord = ({ kind, incident, assignment }) => (assignment ? ALARM_KINDS[kind].short(assignment) : INCIDENT_ALARMS[kind].short(incident));

/** The same in a row: beside the crew's name where it is about an order. */
export const alarmShort = (alarm) => (alarm.assignment ? `${alarm.assignment.crew_name}: ${alarmWord(alarm)}` : alarmWord(alarm));

/** Who acknowledged it and until when it is silent for that. */
export const seenLabel = ({ by, until }) => _("seen by %(who)s, until %(time)s", { who: by, time: clock(until, { seconds: false }) });

/** Whose order it is, what is the matter and with which incident. */
export function alarmSentence({ kind, incident, assignment }) {
  const names = { crew: assignment?.crew_name, incident: `P${incident.priority} ${incidentTitle(incident)}` };
  return assignment ? ALARM_KINDS[kind].what(assignment, names, incident) : INCIDENT_ALARMS[kind].what(incident, names);
}
