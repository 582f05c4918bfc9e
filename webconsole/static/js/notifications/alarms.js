// Alarms: an order nobody answers, an incident whose crew declined. Computed from the incidents
// themselves, so that a reload forgets none; acknowledgements are stored.
import { secondsSince } from "../core/clock.js";
import { preferences } from "../core/preferences.js";
import { emit, liveAssignments, on, state } from "../core/store.js";
import { isNotDone, lastEnded } from "../outcomes/outcome_labels.js";

const KEY = "nearcrew-acknowledged";
const MOST_KEPT = 300;
const FAILED = ["declined", "expired"];

/** The alarm of an incident whose crew could not do the work; null for all others. */
function notDoneAlarm(incident) {
  const last = isNotDone(incident) ? lastEnded(incident, "not_done") : null;
  return last ? { key: `not_done:${last.id}`, kind: "not_done", incident, assignment: last, since: last.ended_at } : null;
}

function read() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set(); // forbidden or garbled: rather an alarm too many
  }
}

let acknowledged = read();

/**
 * What is to be alarmed of, oldest first: {key, kind, incident, assignment, since}.
 *
 * "unanswered": the crew was asked more than `answerWithinS` ago. "refused": nobody is sent, and the last who
 * was declined or let it expire. "not_done": open again, for its crew could not do the work.
 */
function alarmsOf(incidents, { answerWithinS }) {
  const found = [];
  for (const incident of incidents) {
    for (const assignment of liveAssignments(incident)) {
      const since = assignment.asked_at; // none yet for an order behind another
      if (assignment.state === "offered" && since !== null && secondsSince(since) >= answerWithinS) {
        found.push({ key: `unanswered:${assignment.id}`, kind: "unanswered", incident, assignment, since });
      }
    }
    const notDone = notDoneAlarm(incident);
    if (notDone) found.push(notDone);
    const last = incident.assignments?.at(-1);
    if (incident.state === "open" && FAILED.includes(last?.state)) {
      found.push({ key: `refused:${last.id}`, kind: "refused", incident, assignment: last, since: last.ended_at ?? last.offered_at });
    }
  }
  return found.sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

let now = [];

/** The alarms nobody has acknowledged yet. */
export const openAlarms = () => now.filter(({ key }) => !acknowledged.has(key));

/** Acknowledge some, or all there are, for every window of this browser. */
export function acknowledge(alarms = openAlarms()) {
  for (const { key } of alarms) acknowledged.add(key);
  try {
    localStorage.setItem(KEY, JSON.stringify([...acknowledged].slice(-MOST_KEPT)));
  } catch {
    // not kept; holds until the page is left
  }
  emit("alarms");
}

/** Keep looking; tells "alarms" when they change and "alarm" for each new one. */
export function watchAlarms() {
  let known = null;
  const look = () => {
    if (state.loading.incidents !== "ready") return;
    now = alarmsOf(state.incidents.values(), { answerWithinS: preferences().answerWithinS });
    const keys = openAlarms().map(({ key }) => key);
    if (known && keys.join() === known.join()) return;
    for (const alarm of openAlarms()) if (!known?.includes(alarm.key)) emit("alarm", alarm);
    known = keys;
    emit("alarms");
  };
  on("incidents", look);
  on("tick", look);
  window.addEventListener("storage", ({ key }) => {
    if (key !== KEY && key !== null) return;
    acknowledged = read();
    emit("alarms");
  });
  look();
}
