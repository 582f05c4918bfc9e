// Decisions about an incident: create, change, close, cancel, reopen.
import { newKey, patch, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { eventLabel, incidentTitle, priorityLabel } from "../core/labels.js";
import { liveAssignments, putIncident, state } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";
import { offerUndo } from "../widgets/undo.js";
import { attempt } from "./attempt.js";

const DECIDED = { close: "incident.closed", cancel: "incident.cancelled", reopen: "incident.reopened" };

/** `what` is close, cancel or reopen; `clientId` names the form it was decided in. */
export function decide(incident, what, reason, clientId = newKey()) {
  const body = reason ? { reason, client_id: clientId } : { client_id: clientId };
  const sent = liveAssignments(state.incidents.get(incident.id)).length;
  const done = `${incidentTitle(incident)}: ${eventLabel(DECIDED[what])}`;
  return attempt(() => post(`/incidents/${incident.id}/${what}`, body), () => {
    if (what === "reopen") noteToast(done);
    // Honest about what comes back: the incident does, its crews have been told to turn round.
    else offerUndo(sent ? _("%(done)s. Undo reopens it; its crews stay recalled.", { done }) : done, () => decide(incident, "reopen", _("Withdrawn right after sending")));
  });
}

export function setPriority(incident, priority, { undo = true } = {}) {
  const { priority: before } = incident;
  return attempt(() => patch(`/incidents/${incident.id}`, { priority }), () => {
    const words = `${incidentTitle(incident)}: P${priority} ${priorityLabel(priority)}`;
    if (undo && before !== priority) offerUndo(words, () => setPriority({ ...incident, priority }, before, { undo: false }));
  });
}

/** Create or change an incident. Throws ApiError so that the form can show it at the field. */
export async function saveIncident(fields, { id = null, clientId = newKey() } = {}) {
  const incident = id === null
    ? await post("/incidents", { ...fields, client_id: clientId })
    : await patch(`/incidents/${id}`, fields);
  putIncident(incident);
  return incident;
}
