// A merged incident leads to the one that goes on: whoever opens it sees that.
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { select, state } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";

export const isMerged = (incident) => incident?.state === "merged" && Boolean(incident.merged_into);

/** Go on to where a merged incident leads; false for any other. */
export function follow(incident) {
  if (!isMerged(incident)) return false;
  if (state.selection.kind === "incident" && state.selection.id === incident.id) {
    select("incident", incident.merged_into);
    noteToast(_("%(incident)s was merged into #%(other)s, which is shown.", { incident: incidentTitle(incident), other: incident.merged_into }));
  }
  return true;
}
