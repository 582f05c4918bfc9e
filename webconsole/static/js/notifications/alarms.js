// Alarms: what needs a person now. Computed from the incidents themselves, so that a reload forgets
// none; an acknowledgement is the server's, has a name and a short life, and holds at every desk.
import { newKey, post } from "../core/api.js";
import { now } from "../core/clock.js";
import { emit, on, putIncident, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { ALARM_KINDS, INCIDENT_ALARMS } from "./alarm_kinds.js";

const OF_ONE_BROWSER = "nearcrew-acknowledged"; // where earlier releases kept what this desk had seen

/**
 * What is to be alarmed of, oldest first: {key, kind, incident, assignment, since, last, seen}.
 * `assignment` is null where no order is about it. `last`: who acknowledged it last, if anybody; `seen`: the same, as long as that holds, and null while
 * it is loud.
 */
function alarmsOf(incidents) {
  const found = [];
  for (const incident of incidents) {
    for (const assignment of incident.assignments ?? []) {
      for (const [kind, { since: dueSince }] of Object.entries(ALARM_KINDS)) {
        const since = dueSince(assignment, incident);
        if (since) found.push({ key: `${kind}:${assignment.id}`, kind, incident, assignment, since, ...seenOf(incident, kind, assignment) });
      }
    }
    for (const [kind, { since: dueSince }] of Object.entries(INCIDENT_ALARMS)) {
      const since = dueSince(incident);
      if (since) found.push({ key: `${kind}:#${incident.id}:${since}`, kind, incident, assignment: null, since, ...seenOf(incident, kind, null, since) });
    }
  }
  return found.sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
}

/** Who acknowledged it last; before `since` it was another alarm. */
function seenOf({ acknowledgements }, kind, assignment, since = null) {
  const last = acknowledgements?.find((each) => each.alarm === kind && each.assignment_id === (assignment?.id ?? null) && !(Date.parse(each.at) < Date.parse(since))) ?? null;
  return { last, seen: last && Date.parse(last.until) > now() ? last : null };
}

let all = [];
let shown = new Map();

/** The alarms that are loud: nobody has acknowledged them, or not lately. */
export const openAlarms = () => all.filter(({ seen }) => !seen);

/** The alarm of an incident that its row shows: a loud one first; undefined where there is none. */
export const alarmOf = (incidentId) => shown.get(incidentId);

/** The alarm about one order; undefined where there is none. */
export const alarmOfOrder = (assignmentId) => all.find(({ assignment }) => assignment?.id === assignmentId);

/** Acknowledge some, or all there are, for the whole desk; each stays loud until the server has it. */
export async function acknowledge(alarms = openAlarms()) {
  await Promise.all(alarms.map(({ kind, incident, assignment }) => {
    const body = { alarm: kind, assignment_id: assignment?.id ?? null, client_id: newKey() };
    return attempt(() => post(`/incidents/${incident.id}/acknowledgements`, body), take);
  }));
}

/** The answer is here before the stream tells of it. */
function take(seen) {
  const incident = state.incidents.get(seen.incident_id);
  if (!incident) return;
  const others = (incident.acknowledgements ?? []).filter((each) => each.alarm !== seen.alarm || each.assignment_id !== seen.assignment_id);
  putIncident({ ...incident, acknowledgements: [...others, seen] });
}

/** Keep looking; tells "alarms" when they change and "alarm" for each that is loud now, or again. */
export function watchAlarms() {
  forgetOwn();
  let known = new Set();
  let look = "";
  const watch = () => {
    if (state.loading.incidents !== "ready") return;
    all = alarmsOf(state.incidents.values());
    shown = new Map();
    for (const alarm of all) if (shown.get(alarm.incident.id)?.seen !== null) shown.set(alarm.incident.id, alarm);
    const loud = openAlarms();
    for (const alarm of loud) if (!known.has(alarm.key)) emit("alarm", alarm);
    known = new Set(loud.map(({ key }) => key));
    const next = all.map(({ key, seen }) => `${key} ${seen?.until ?? ""}`).join();
    if (next === look) return;
    look = next;
    emit("alarms");
  };
  on("incidents", watch);
  on("tick", watch);
  watch();
}

function forgetOwn() {
  try {
    localStorage.removeItem(OF_ONE_BROWSER);
  } catch {
    // forbidden: then nothing was kept either
  }
}
