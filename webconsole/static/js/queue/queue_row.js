// Row of one incident in the queue: priority, kind, place, waiting time, crews.
import { secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock, coordinates, duration, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState, incidentTitle, priorityLabel } from "../core/labels.js";
import { liveAssignments, select } from "../core/store.js";
import { incidentMark } from "../map/board/glyphs.js";
import { unreadMark } from "../messages/unread_mark.js";
import { dueWords, incidentWord, isNotDone, notDoneLine, shownState } from "../outcomes/outcome_labels.js";

/** A row for an incident; `updateRow` writes what it says. */
export function makeRow(incident) {
  const parts = {
    priority: el("span.priority"),
    kind: el("span.kind"),
    unread: el("span.unread"),
    timer: el("time.timer"),
    mark: el("span.mark"),
    state: el("span.state"),
    place: el("div.place"),
    crew: el("div.crew-line"),
    why: el("div.why-open"),
  };
  const button = el(
    "button.incident-row",
    { type: "button", data: { incidentId: incident.id }, onclick: () => select("incident", incident.id) },
    parts.priority,
    el("div.body", {},
      el("div.line", {}, parts.kind, parts.unread, parts.timer),
      parts.place,
      el("div.line.second", {}, el("span.state-word", {}, parts.mark, parts.state), parts.crew),
      parts.why),
  );
  const row = el("li", {}, button);
  row.parts = { ...parts, button };
  return row;
}

/** `gone`: it would not stand here any more, but a hand is over the list. */
export function updateRow(row, incident, { picked, gone }) {
  if (row.incident === incident && row.picked === picked && row.gone === gone) return;
  Object.assign(row, { incident, picked, gone });
  const { parts } = row;
  text(parts.priority, `P${incident.priority}`);
  parts.priority.className = `priority p-${incident.priority}`;
  parts.priority.title = priorityLabel(incident.priority);
  text(parts.kind, incidentTitle(incident));
  fill(parts.unread, unreadMark(incident));
  text(parts.place, incident.address || coordinates(incident.lon, incident.lat));
  const shown = shownState(incident);
  if (parts.mark.dataset.state !== shown) {
    parts.mark.dataset.state = shown;
    fill(parts.mark, incidentMark(shown));
  }
  const live = liveAssignments(incident);
  text(parts.state, incident.state === "assigned" && live.length ? assignmentState(live[0].state) : incidentWord(incident));
  text(parts.crew, crewLine(live));
  text(parts.why, notDoneLine(incident) || whichFollows(incident));
  row.className = [gone ? "gone" : "", shown === "resolved" ? "done" : "", isNotDone(incident) ? "not-done" : ""].filter(Boolean).join(" ");
  parts.button.classList.toggle("picked", picked);
  parts.button.setAttribute("aria-current", String(picked));
  parts.timer.title = _("Reported at %(time)s", { time: clock(incident.reported_at ?? incident.created_at) });
  tickRow(row);
}

/** Of a follow-up: of what, and when it is due. */
const whichFollows = (incident) =>
  incident.follow_up_of && incident.state === "open" ? [_("Follow-up of #%(id)s", { id: incident.follow_up_of }), dueWords(incident)].filter(Boolean).join(" · ") : "";

function crewLine(live) {
  if (!live.length) return "";
  const [first] = live;
  const more = live.length > 1 ? ` +${live.length - 1}` : "";
  const eta = first.state === "on_scene" || !first.eta_at ? "" : ` · ${clock(first.eta_at, { seconds: false })}`;
  return `${first.crew_name}${more}${eta}`;
}

/** Since when it waits, to the second; of what is done only how long ago. */
export function tickRow({ incident, parts }) {
  if (incident.state === "resolved") {
    text(parts.timer, _("%(age)s ago", { age: duration(secondsSince(incident.updated_at)) }));
    return;
  }
  const since = incident.reported_at ?? incident.created_at;
  text(parts.timer, timer(secondsSince(since)));
}
