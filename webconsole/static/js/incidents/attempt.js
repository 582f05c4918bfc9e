// Change requests about incidents: the answer goes to the store, a refusal is shown plainly, with
// the next step offered.
import { stageOfLabel } from "../assignments/progress.js";
import { ApiError } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState, incidentTitle } from "../core/labels.js";
import { liveAssignments, putIncident } from "../core/store.js";
import { refusalToast } from "../widgets/toasts.js";

/** Put the incident that an answer carries, if any, into the store. */
export function takeIncident(answer) {
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
    const now = stageOfLabel(problem.incident);
    const how = crews ? `${now} (${crews})` : now;
    return _("%(incident)s changed while you looked. It is now: %(state)s.", { incident: incidentTitle(problem.incident), state: how });
  },
  incident_ended: (problem, crew) => (crew ? _("This incident has already ended. Reopen it to send a crew.") : null),
  replaced_changed: (problem) => _("%(crew)s: %(state)s by now. Nobody was sent in its place.", { crew: problem.crew, state: assignmentState(problem.state) }),
  wrong_state: () => _("This order changed meanwhile. The screen shows how it stands now."),
  already_assigned: (problem, crew) => (crew ? _("%(crew)s is already sent here.", { crew: crew.name }) : null),
};

/** Why the server refused, in the words of the desk. */
export function refusal(error, crew) {
  const own = conflictText[error.code]?.(error.problem, crew);
  return own ?? error.message;
}

/** `done(answer)` is called when it worked, at the first try or a later one. */
export async function attempt(work, done = null) {
  try {
    const answer = await work();
    takeIncident(answer);
    done?.(answer);
    return answer;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // The same words again, under the same name: if the first try arrived after all, nothing changes.
    refusalToast(refusal(error), error.offline ? [{ label: _("Try again"), act: () => attempt(work, done) }] : []);
    return null;
  }
}
