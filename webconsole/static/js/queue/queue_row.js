// Row of one incident in the queue. Which incident and how soon are the largest; then the place, the
// caller's words, and who comes. A row has four lines, whatever is known: none below it moves.
import { arrivalOf, isQueued, leadingOrder, queuedLabel, stageLabel, stageOf } from "../assignments/progress.js";
import { el, fill, text } from "../core/dom.js";
import { coordinates } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { kindName, priorityLabel } from "../core/labels.js";
import { liveAssignments, select } from "../core/store.js";
import { furthestMark } from "../escalation/mark_labels.js";
import { incidentMark } from "../map/board/glyphs.js";
import { callsLabel } from "../merging/calls_label.js";
import { unreadMark } from "../messages/unread_mark.js";
import { alarmShort, seenLabel } from "../notifications/alarm_kinds.js";
import { alarmOf } from "../notifications/alarms.js";
import { isOpen, rowLabel } from "../offers/offer_labels.js";
import { dueWords, isNotDone, notDoneLine } from "../outcomes/outcome_labels.js";
import { firstClock } from "../pledges/pledge_clock.js";
import { drawMark, pledgeMark } from "../pledges/pledge_mark.js";
import { clockTitle, rowClock } from "./row_clock.js";
import { rowNotes } from "./row_notes.js";

/** A row for an incident; `updateRow` writes what it says. */
export function makeRow(incident) {
  const parts = {
    priority: el("span.priority"),
    number: el("span.number", {}, `#${incident.id}`),
    kind: el("span.kind"),
    calls: el("span.calls"),
    unread: el("span.unread"),
    timer: el("time.timer"),
    what: el("span.clock-what"),
    mark: el("span.mark"),
    state: el("span.state"),
    place: el("span.place"),
    words: el("div.words"),
    why: el("div.why-open"),
    crew: el("span.crew-line"),
    pledge: pledgeMark(),
  };
  const button = el(
    "button.incident-row",
    { type: "button", data: { incidentId: incident.id }, onclick: () => select("incident", incident.id) },
    el("div.line.first", {}, parts.priority, parts.number, parts.kind, parts.unread, parts.timer),
    el("div.line", {}, parts.place, parts.what),
    el("div.line.said", {}, parts.words, parts.why, parts.pledge),
    el("div.line.second", {}, el("span.state-word", {}, parts.mark, parts.state), parts.crew, parts.calls),
  );
  const row = el("li", {}, button);
  row.parts = { ...parts, button };
  return row;
}

const alarmLook = (alarm) => (alarm ? `${alarm.key} ${alarm.seen?.until ?? ""}` : "");

/**
 * `gone`: it would not stand here any more, but a hand aims in the list. `headed`: the group's heading
 * says how far it is.
 */
export function updateRow(row, incident, { picked, gone, headed }) {
  const alarm = alarmOf(incident.id);
  const alarmed = alarmLook(alarm);
  if (row.incident === incident && row.picked === picked && row.gone === gone && row.headed === headed && row.alarmed === alarmed) return;
  Object.assign(row, { incident, picked, gone, headed, alarmed, alarm });
  const { parts } = row;
  text(parts.priority, `P${incident.priority}`);
  parts.priority.className = `priority p-${incident.priority}`;
  parts.priority.title = priorityLabel(incident.priority);
  text(parts.kind, kindName(incident.kind));
  text(parts.calls, incident.reports_count > 1 ? callsLabel(incident) : "");
  fill(parts.unread, unreadMark(incident));
  for (const [part, value] of [[parts.place, incident.address || coordinates(incident.lon, incident.lat)], [parts.words, incident.description]]) {
    text(part, value);
    part.title = value;
  }
  const stage = stageOf(incident);
  if (parts.mark.dataset.state !== stage) {
    parts.mark.dataset.state = stage;
    fill(parts.mark, incidentMark(stage));
  }
  parts.mark.title = stageLabel(stage);
  text(parts.state, headed && !gone ? "" : stageLabel(stage));
  const looks = { gone, "not-done": isNotDone(incident), done: stage === "resolved", alarmed: alarm && !alarm.seen, seen: alarm?.seen };
  row.className = Object.keys(looks).filter((name) => looks[name]).join(" ");
  parts.button.classList.toggle("picked", picked);
  parts.button.setAttribute("aria-current", String(picked));
  parts.timer.title = clockTitle(incident);
  tickRow(row);
}

/** Marked until the crew answers: silent for a while is not the same as seen to. */
function alarmLine(alarm) {
  return alarm.seen ? [seenLabel(alarm.seen), alarm.assignment?.crew_name].filter(Boolean).join(" · ") : alarmShort(alarm);
}

/** Of a follow-up: of what, and when it is due. */
const whichFollows = (incident) =>
  incident.follow_up_of && incident.state === "open" ? [_("Follow-up of #%(id)s", { id: incident.follow_up_of }), dueWords(incident)].filter(Boolean).join(" · ") : "";

/** Who comes and what may be said of when; when it was reported, where nobody is sent. */
function crewLine(incident) {
  const leading = leadingOrder(incident);
  if (isOpen(incident.offer)) return rowLabel(incident.offer);
  if (!leading) return clockTitle(incident);
  const more = liveAssignments(incident).length - 1;
  const when = isQueued(leading) ? queuedLabel(leading) : arrivalOf(leading).small;
  return [`${leading.crew_name}${more ? ` +${more}` : ""}`, furthestMark(leading), when].filter(Boolean).join(" · ");
}

/** What runs, every second. */
export function tickRow({ incident, alarm, parts }) {
  const { big, what, loud } = rowClock(incident, alarm);
  text(parts.timer, big);
  text(parts.what, what);
  parts.timer.classList.toggle("loud", loud);
  const notes = rowNotes(incident);
  // Why it is open again, or what presses, matters more than what was first said of it.
  const why = [notDoneLine(incident) || whichFollows(incident), notes.pressing].filter(Boolean).join(" · ");
  text(parts.why, why);
  parts.why.title = why;
  parts.why.classList.toggle("loud", notes.loud);
  parts.words.hidden = Boolean(why);
  drawMark(parts.pledge, firstClock(incident));
  // What was expected becomes what was expected, once that has passed.
  const line = [alarm ? alarmLine(alarm) : crewLine(incident), notes.other].filter(Boolean).join(" · ");
  text(parts.crew, line);
  parts.crew.title = line;
}
