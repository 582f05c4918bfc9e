// What every desk has to see of the crews' safety: SOS calls, and who was asked to report. Read when
// the page begins and whenever an event says that it changed.
import { get, newKey, post } from "../core/api.js";
import { emit, on, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";

export const board = { sos: [], rollCalls: [] };

const SOON_MS = 150; // two hundred crews that answer within seconds are not two hundred questions
let asked = 0;
let timer = null;

export async function loadSafety() {
  const number = (asked += 1);
  try {
    const { sos, roll_calls: rollCalls } = await get("/safety");
    if (number !== asked) return;
    Object.assign(board, { sos, rollCalls });
    emit("safety");
  } catch {
    clearTimeout(timer);
    timer = setTimeout(loadSafety, 3000);
  }
}

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(loadSafety, SOON_MS);
};

function follow({ kind }) {
  if (kind.startsWith("sos.")) loadSafety();
  else if (kind.startsWith("roll_call.") || (kind === "crew.well" && board.rollCalls.length)) soon();
}

/** Take an answer in before the stream tells of it. */
const took = () => loadSafety();

export const takeSos = (sos) => attempt(() => post(`/sos/${sos.id}/take`, { client_id: newKey() }), took);
export const endSos = (sos, reason) => attempt(() => post(`/sos/${sos.id}/end`, { client_id: newKey(), ...(reason ? { reason } : {}) }), took);
export const endRollCall = (call) => attempt(() => post(`/par/${call.id}/end`, { client_id: newKey() }), took);
export const endHelp = (help) => attempt(() => post(`/need-help/${help.id}/end`, { client_id: newKey() }), () => {});
/** The desk reached a crew by radio: it is all right. */
export const sayWellFor = (crewId) => attempt(() => post(`/crews/${crewId}/check-in`, { client_id: newKey(), occurred_at: new Date().toISOString() }), took);
export const askAllCrews = (incident = null) => attempt(() => post("/par", { client_id: newKey(), ...(incident ? { incident_id: incident.id } : {}) }), took);

/** Where a crew is now, else where it was when it called: {lon, lat, fixed_at}, or null. */
export function whereIs({ crew_id, lon, lat, fixed_at }) {
  const crew = state.crews.get(crew_id);
  const newer = crew?.fixed_at && (!fixed_at || Date.parse(crew.fixed_at) > Date.parse(fixed_at));
  const at = newer ? crew : { lon, lat, fixed_at };
  return typeof at.lon === "number" ? { lon: at.lon, lat: at.lat, fixed_at: at.fixed_at } : null;
}

export function watchSafety() {
  on("event", follow);
  on("connection", () => {
    if (state.connection.phase === "live" && follow.phase !== "live") loadSafety();
    follow.phase = state.connection.phase;
  });
  loadSafety();
}
