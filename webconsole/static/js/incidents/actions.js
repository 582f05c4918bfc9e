// What a dispatcher does to an incident: send, take back, close. Refusals are said plainly, with
// the step that is offered next.
import { ApiError, newKey, patch, post, put } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { dutyWord, eventWord, incidentState, incidentTitle, priorityWord } from "../core/labels.js";
import { liveAssignments, putIncident, state, tell } from "../core/store.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { offerUndo, undoLatest } from "../widgets/undo.js";

/** The incident under an answer, where the answer carries one. */
function take(answer) {
  const incident = answer?.incident ?? (answer?.kind && answer?.version ? answer : null);
  if (incident) putIncident(incident);
}

// Conflicts in the words of the desk: the server names states by their code.
const conflictText = {
  crew_taken: (problem, crew) =>
    crew && problem.by && problem.incident_id
      ? _("%(crew)s was sent to #%(incident)s by %(who)s at %(time)s.", { crew: crew.name, incident: problem.incident_id, who: problem.by, time: clock(problem.offered_at) })
      : null,
  incident_changed: (problem) => {
    if (!problem.incident) return null;
    putIncident(problem.incident);
    const crews = liveAssignments(problem.incident).map((assignment) => assignment.crew_name).join(", ");
    const now = incidentState(problem.incident.state);
    const how = crews ? `${now} (${crews})` : now;
    return _("%(incident)s changed while you looked. It is now: %(state)s.", { incident: incidentTitle(problem.incident), state: how });
  },
  incident_ended: (problem, crew) => (crew ? _("This incident has already ended. Reopen it to send a crew.") : null),
  wrong_state: () => _("This order changed meanwhile. The screen shows how it stands now."),
  already_assigned: (problem, crew) => (crew ? _("%(crew)s is already sent here.", { crew: crew.name }) : null),
};

function refusal(error, crew) {
  const own = conflictText[error.code]?.(error.problem, crew);
  return own ?? error.message;
}

/**
 * Send a crew to an incident. One click, one key: repeating it cannot send twice.
 *
 * `expectedVersion` is the incident as the candidates were computed for it; `radiusM` the radius
 * they were looked for in; `reason` why it is not the recommended crew, if somebody says so.
 */
export async function send(incident, crew, { expectedVersion, queue = false, reason = "", radiusM = state.radiusM, key = newKey() } = {}) {
  const body = { crew_id: crew.id, radius_m: radiusM };
  if (reason) body.reason = reason;
  if (expectedVersion !== undefined && expectedVersion !== null) body.expected_version = expectedVersion;
  if (queue) body.queue = true;
  try {
    const assignment = await post(`/incidents/${incident.id}/assignments`, body, { key });
    take(assignment);
    tell("sent", { incidentId: incident.id, crewId: crew.id });
    const message = queue && assignment.rank > 0
      ? _("%(crew)s will go to %(incident)s after the present order.", { crew: crew.name, incident: incidentTitle(incident) })
      : _("%(crew)s was sent to %(incident)s.", { crew: crew.name, incident: incidentTitle(incident) });
    offerUndo(message, () => withdraw(assignment, _("Taken back at once"), { again: false }));
    return assignment;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuseSend(error, incident, crew, { expectedVersion, queue, reason, radiusM, key });
    return null;
  }
}

function refuseSend(error, incident, crew, { expectedVersion, queue, reason, radiusM, key }) {
  const refresh = { label: _("Refresh the candidates"), act: () => tell("refresh-candidates") };
  const message = refusal(error, crew);
  if (error.code === "crew_taken") {
    refusalToast(message, [
      { label: _("Queue behind that order"), act: () => send(incident, crew, { queue: true, reason, radiusM }) },
      refresh,
    ]);
  } else if (error.code === "incident_changed") {
    refusalToast(message, [{ label: _("Send anyway"), act: () => send(incident, crew, { queue, reason, radiusM }) }, refresh]);
  } else if (error.offline) {
    // The same key: if the first try arrived after all, this one changes nothing.
    refusalToast(message, [{ label: _("Try again"), act: () => send(incident, crew, { expectedVersion, queue, reason, radiusM, key }) }]);
  } else {
    refusalToast(message, [refresh]);
  }
  tell("refresh-candidates");
}

/** `done(answer)` is called when it worked, at the first try or a later one. */
async function attempt(work, done = null) {
  try {
    const answer = await work();
    take(answer);
    done?.(answer);
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The same words again, under the same name: if the first try arrived after all, nothing changes.
    refusalToast(refusal(error), error.offline ? [{ label: _("Try again"), act: () => attempt(work, done) }] : []);
    return null;
  }
}

/** Call a crew back. `again`: offer to send it once more, which is a new order with a new time. */
export function withdraw(assignment, reason, { again = true } = {}) {
  const body = { reason, client_id: newKey() };
  const crew = { id: assignment.crew_id, name: assignment.crew_name ?? state.crews.get(assignment.crew_id)?.name ?? "" };
  return attempt(() => post(`/assignments/${assignment.id}/withdraw`, body), () => {
    const incident = state.incidents.get(assignment.incident_id);
    const choices = again && incident ? [{ label: _("Send again"), act: () => send(incident, crew) }] : [];
    noteToast(_("%(crew)s was called back.", { crew: crew.name }), { seconds: choices.length ? 10 : 5, choices });
  });
}

const DECIDED = { close: "incident.closed", cancel: "incident.cancelled", reopen: "incident.reopened" };

/** `what` is close, cancel or reopen; `clientId` names the form it was decided in. */
export function decide(incident, what, reason, clientId = newKey()) {
  const body = reason ? { reason, client_id: clientId } : { client_id: clientId };
  const sent = liveAssignments(state.incidents.get(incident.id)).length;
  const done = `${incidentTitle(incident)}: ${eventWord(DECIDED[what])}`;
  return attempt(() => post(`/incidents/${incident.id}/${what}`, body), () => {
    if (what === "reopen") noteToast(done);
    // Honest about what comes back: the incident does, its crews have been told to turn round.
    else offerUndo(sent ? _("%(done)s. Undo reopens it; its crews stay called back.", { done }) : done, () => decide(incident, "reopen", _("Taken back at once")));
  });
}

export function setDuty(crew, duty, { undo = true } = {}) {
  const { duty: before, name } = state.crews.get(crew.id) ?? {};
  return attempt(() => put(`/crews/${crew.id}/duty`, { duty }), () => {
    if (undo && before && before !== duty) offerUndo(`${name}: ${dutyWord(duty)}`, () => setDuty(crew, before, { undo: false }));
  });
}

export function setPriority(incident, priority, { undo = true } = {}) {
  const { priority: before } = incident;
  return attempt(() => patch(`/incidents/${incident.id}`, { priority }), () => {
    const words = `${incidentTitle(incident)}: P${priority} ${priorityWord(priority)}`;
    if (undo && before !== priority) offerUndo(words, () => setPriority({ ...incident, priority }, before, { undo: false }));
  });
}

/** Take back the latest step that still can be; says so when there is none. */
export async function undoLast() {
  if (!(await undoLatest())) noteToast(_("There is nothing to undo."));
}

/** Create or change an incident. Throws ApiError so that the form can show it at the field. */
export async function saveIncident(fields, { id = null, clientId = newKey() } = {}) {
  const incident = id === null
    ? await post("/incidents", { ...fields, client_id: clientId })
    : await patch(`/incidents/${id}`, fields);
  putIncident(incident);
  return incident;
}
