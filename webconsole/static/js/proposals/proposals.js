// The proposal that the desk looks at: asked for, changed by hand, sent.
import { ApiError, newKey, post } from "../core/api.js";
import { _, ngettext } from "../core/i18n.js";
import { emit, select, state, touch } from "../core/store.js";
import { isLater } from "../outcomes/outcome_labels.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { asProposed, rowsToSend, withCrew, withFates } from "./proposal_rows.js";

/** `key` names one sending: asked again after a lost answer, nothing is sent twice. */
const current = { id: null, madeAt: null, crews: 0, rows: [], phase: "none", problem: null, key: null, hoverId: null };

export const proposal = () => current;

/** Incidents that wait for a crew now. */
export const waitingNow = () => [...state.incidents.values()].filter((incident) => incident.state === "open" && !isLater(incident));

function change(what) {
  Object.assign(current, what);
  touch("proposal");
}

/** Ask for crews for everything that waits, and show them. */
export async function propose() {
  change({ phase: "asking", problem: null });
  select("proposal");
  try {
    const made = await post("/proposals", { client_id: newKey() });
    change({ id: made.id, madeAt: made.made_at, crews: made.crews, rows: asProposed(made), phase: "made", key: newKey(), hoverId: null });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    change({ phase: "failed", problem: error.message });
  }
}

export function choose(number, crewId) {
  change({ rows: withCrew(current.rows, number, crewId), key: newKey() });
}

/** Which row's line stands out on the map. */
export function hoverRow(number) {
  if (current.hoverId !== number) change({ hoverId: number });
}

export async function sendAll() {
  const rows = rowsToSend(current.rows);
  if (!rows.length || current.phase === "sending") return;
  change({ phase: "sending" });
  try {
    const answer = await post(`/proposals/${current.id}/send`, { rows, client_id: current.key }, { timeoutMs: 60000 });
    change({ rows: withFates(current.rows, answer), phase: "made", key: newKey() });
    for (const order of answer.sent) emit("sent", { incidentId: order.incident_id, crewId: order.crew_id });
    const words = ngettext("%(n)s crew was sent.", "%(n)s crews were sent.", answer.sent.length);
    if (!answer.stale.length) noteToast(words);
    else refusalToast(_("%(sent)s Not sent: %(n)s. See why beside each.", { sent: words, n: answer.stale.length }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    change({ phase: "made" });
    refusalToast(error.message, error.offline ? [{ label: _("Try again"), act: sendAll }] : []);
  }
}
