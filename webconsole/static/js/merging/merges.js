// Merging two incidents and taking one out again, as requests.
import { newKey, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { putIncident, select } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { noteToast } from "../widgets/toasts.js";
import { offerUndo } from "../widgets/undo.js";

function take({ incident, other }) {
  putIncident(incident);
  putIncident(other);
}

/** `orders` is move or withdraw where there are live ones. The incident that goes on is shown. */
export function merge(incident, intoId, { orders = null, reason = "", key = newKey() } = {}) {
  const body = { into: intoId, client_id: key };
  if (orders) body.orders = orders;
  if (reason) body.reason = reason;
  return attempt(() => post(`/incidents/${incident.id}/merge`, body), (answer) => {
    take(answer);
    select("incident", answer.other.id);
    const names = { incident: incidentTitle(incident), other: incidentTitle(answer.other) };
    offerUndo(_("%(incident)s was merged into %(other)s.", names), () => unmerge(incident));
  });
}

export function unmerge(incident, { key = newKey() } = {}) {
  return attempt(() => post(`/incidents/${incident.id}/unmerge`, { client_id: key }), (answer) => {
    take(answer);
    noteToast(_("%(incident)s stands by itself again.", { incident: incidentTitle(answer.incident) }));
  });
}
