// Sending a crew to an incident, instead of another one too, and recalling it. Refusals are shown plainly, with the next step
// offered.
import { ApiError, newKey, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { emit, state } from "../core/store.js";
import { attempt, refusal, takeIncident } from "../incidents/attempt.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { offerUndo } from "../widgets/undo.js";

/**
 * Send a crew to an incident. One click, one key: repeating it cannot send twice.
 *
 * `expectedVersion` is the incident as the candidates were computed for it; `radiusM` the radius
 * they were looked for in; `reason` why it is not the recommended crew, if somebody says so;
 * `replaces` the other crew's order that is withdrawn in the same step.
 */
export async function send(incident, crew, { expectedVersion, queue = false, reason = "", radiusM = state.radiusM, replaces = null, undo = true, key = newKey() } = {}) {
  const body = { crew_id: crew.id, radius_m: radiusM };
  if (reason) body.reason = reason;
  if (expectedVersion !== undefined && expectedVersion !== null) body.expected_version = expectedVersion;
  if (queue) body.queue = true;
  if (replaces) body.replaces = replaces.id;
  try {
    const assignment = await post(`/incidents/${incident.id}/assignments`, body, { key });
    takeIncident(assignment);
    emit("sent", { incidentId: incident.id, crewId: crew.id, assignment: undo ? assignment : null });
    const message = sentLabel(assignment, incident, crew, replaces);
    if (undo) offerUndo(message, () => takeBack(assignment, incident, crew, replaces));
    else noteToast(message);
    return assignment;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refuseSend(error, incident, crew, { expectedVersion, queue, reason, radiusM, replaces, key });
    return null;
  }
}

function sentLabel(assignment, incident, crew, replaces) {
  const names = { crew: crew.name, incident: incidentTitle(incident), other: replaces?.crew_name };
  if (replaces) return _("%(crew)s was sent to %(incident)s; %(other)s was recalled.", names);
  if (assignment.rank > 0) return _("%(crew)s will go to %(incident)s after the present order.", names);
  return _("%(crew)s was sent to %(incident)s.", names);
}

/** Undo a send: recall the crew, or give the order back to the one that it replaced. */
function takeBack(assignment, incident, crew, replaces) {
  if (!replaces) return withdraw(assignment, _("Withdrawn right after sending"), { again: false });
  const former = { id: replaces.crew_id, name: replaces.crew_name };
  return send(incident, former, { queue: true, undo: false, replaces: { ...assignment, crew_name: crew.name } });
}

function refuseSend(error, incident, crew, { expectedVersion, queue, reason, radiusM, replaces, key }) {
  const refresh = { label: _("Refresh the candidates"), act: () => emit("refresh-candidates") };
  const message = refusal(error, crew);
  if (error.code === "crew_taken") {
    refusalToast(message, [
      { label: _("Queue behind that order"), act: () => send(incident, crew, { queue: true, reason, radiusM, replaces }) },
      refresh,
    ]);
  } else if (error.code === "incident_changed") {
    refusalToast(message, [{ label: _("Send anyway"), act: () => send(incident, crew, { queue, reason, radiusM, replaces }) }, refresh]);
  } else if (error.code === "replaced_changed") {
    refusalToast(message, [{ label: _("Send %(crew)s too", { crew: crew.name }), act: () => send(incident, crew, { queue, reason, radiusM }) }, refresh]);
  } else if (error.offline) {
    // The same key: if the first try arrived after all, this one changes nothing.
    refusalToast(message, [{ label: _("Try again"), act: () => send(incident, crew, { expectedVersion, queue, reason, radiusM, replaces, key }) }]);
  } else {
    refusalToast(message, [refresh]);
  }
  emit("refresh-candidates");
}

/** Recall a crew. `again`: offer to send it once more, which is a new order with a new time. */
export function withdraw(assignment, reason, { again = true } = {}) {
  const body = { reason, client_id: newKey() };
  const crew = { id: assignment.crew_id, name: assignment.crew_name ?? state.crews.get(assignment.crew_id)?.name ?? "" };
  return attempt(() => post(`/assignments/${assignment.id}/withdraw`, body), () => {
    const incident = state.incidents.get(assignment.incident_id);
    const choices = again && incident ? [{ label: _("Send again"), act: () => send(incident, crew) }] : [];
    noteToast(_("%(crew)s was recalled.", { crew: crew.name }), { seconds: choices.length ? 10 : 5, choices });
  });
}
