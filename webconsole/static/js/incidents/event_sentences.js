// One sentence for each event of an incident: who did what, and why. The words come with the page
// (dispatch/events/kinds.py).
import { boot } from "../core/boot.js";
import { clock, duration, exactDistance, travelTime } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { alarmLabel, declineLabel, dutyLabel, eventLabel, failureLabel, kindName, markLabel, photoRefusalLabel, skillLabel, workHelpLabel } from "../core/labels.js";
import { itemsWords, nameIn, workLines } from "../forms/form_labels.js";
import { causeLabel, pauseLabel, verdictLabel } from "../pledges/pledge_labels.js";
import { clockName } from "../pledges/pledge_clock.js";
import { endedWith, wordsOf } from "../outcomes/outcome_labels.js";
import { roleLabel } from "../plans/plan_labels.js";
import { dayLabel } from "../skills/ticket_labels.js";

/** "instead of Berta, there 4 min later": what a dispatcher chose otherwise than recommended. */
function insteadOf({ instead_of: name, cost_s: costS }) {
  if (!name) return "";
  const cost = typeof costS !== "number" || Math.abs(costS) < 30 ? "" : costS > 0 ? _("there %(time)s later", { time: duration(costS) }) : _("there %(time)s sooner", { time: duration(-costS) });
  return [_("instead of %(crew)s", { crew: name }), cost].filter(Boolean).join(isChinese() ? "，" : ", ");
}

const reasonName = (data) => (isChinese() ? data.name_zh : data.name_en);

const WHY = {
  "assignment.offered": (data) => [insteadOf(data), data.reason].filter(Boolean).join(" · "),
  "assignment.override_explained": (data) => [data.words ? data.words : reasonName(data), insteadOf({ ...data, instead_of: data.recommended })].join(" · "),
  "assignment.declined": (data) => data.reason && declineLabel(data.reason),
  "assignment.withdrawn": (data) => (data.instead ? _("%(crew)s goes instead", { crew: data.instead }) : data.reason),
  "assignment.completed": (data) => [meaning(data) ? "" : endedWith(data), wordsOf(data), ...workLines(data)].filter(Boolean).join(" · "),
  "assignment.measured": (data) => nameIn(data, "form"),
  "incident.not_done": wordsOf,
  "incident.noted": (data) => data.text,
  "message.sent": (data) => data.text,
  "report.called_back": (data) => (data.called === false ? _("the tick was taken away") : data.text),
  "incident.reported": (data) => data.text ?? data.caller_name,
  "clock.paused": (data) => data.text,
  "clock.resumed": (data) => data.text,
  "clock.cause_given": (data) => data.text,
  "clock.started": ({ clocks = [] }) => clocks.map(clockName).join(" · "),
  "delivery.failed": (data) => data.failure && failureLabel(data.failure),
  "incident.photo_refused": (data) => data.refusal && photoRefusalLabel(data.refusal),
};

/** What an end means when it is not that the work is done. */
const meaning = ({ outcome_effect }) => (outcome_effect === "not_done" || outcome_effect === "follow_up" ? outcome_effect : null);

function namedPlaces(event, crewName) {
  const data = event.data ?? {};
  return {
    who: event.actor || _("The system"),
    crew: crewName ?? _("a crew"),
    kind: data.kind && kindName(data.kind),
    time: data.eta_at && clock(data.eta_at, { seconds: false }),
    // Before departure an arrival is no promise, only so long once they set out.
    travel: typeof data.travel_time_s === "number" && travelTime(data.travel_time_s),
    alarm: data.alarm && alarmLabel(data.alarm),
    until: data.until && clock(data.until, { seconds: false }),
    pledge: data.clock_id && clockName(data),
    pause: data.pause && pauseLabel(data.pause),
    verdict: data.verdict && verdictLabel(data.verdict),
    cause: data.cause && causeLabel(data.cause),
    due: data.due_at && clock(data.due_at, { seconds: false }),
    duty: data.to && dutyLabel(data.to),
    account: data.username,
    level: data.level,
    role: data.role && roleLabel(data.role),
    asked: Array.isArray(data.asked) && data.asked.length,
    next: data.next,
    street: data.street,
    marks: data.marks && Object.keys(data.marks).map(markLabel).join(isChinese() ? "、" : ", "),
    other: data.other && `#${data.other}`,
    radius: typeof data.radius_m === "number" && exactDistance(data.radius_m),
    rating: data.rating && data.call_back && data.rating,
    rated: data.rating,
    caller: data.called !== false && data.caller_name,
    told: data.whom === "supervisor" ? _("The supervisor") : crewName,
    way: data.way,
    every: typeof data.every_s === "number" && duration(data.every_s),
    well: data.well_at && clock(data.well_at, { seconds: false }),
    late_well: data.late_s && data.well_at && clock(data.well_at, { seconds: false }),
    help: data.help && workHelpLabel(data.help),
    skill: data.skill && skillLabel(data.skill),
    day: data.day && dayLabel(data.day),
    expired: data.how === "expired" && data.day && dayLabel(data.day),
    first: data.for_incident_id && `#${data.for_incident_id}`,
    recommended: data.recommended,
    measured: data.items?.length && itemsWords(data.items),
    beyond: data.verdict === "alarm" && itemsWords((data.items ?? []).filter(({ verdict }) => verdict === "alarm")),
    not_done: meaning(data) === "not_done" && endedWith(data),
    made_safe: meaning(data) === "follow_up" && endedWith(data),
  };
}

const fillable = (sentence, places) => [...sentence.matchAll(/%\((\w+)\)s/g)].every(([, name]) => places[name]);

/** One sentence for an event of the timeline; `crewName` is the name of the crew it concerns. */
export function eventSentence(event, crewName) {
  const facts = boot.event_kinds?.[event.kind];
  const places = namedPlaces(event, crewName);
  const chosen = facts?.sentences.find((sentence) => fillable(sentence, places));
  if (!chosen) return [eventLabel(event.kind), crewName, event.actor].filter(Boolean).join(" · ");
  const data = event.data ?? {};
  const why = (WHY[event.kind] ?? (() => data.reason))(data);
  const what = why ? _("%(what)s: %(why)s", { what: _(chosen, places), why }) : _(chosen, places);
  // A desk may act for a crew: then it is said who did.
  return facts.by_crew && event.actor && event.actor !== crewName ? _("%(what)s (by %(who)s)", { what, who: places.who }) : what;
}
