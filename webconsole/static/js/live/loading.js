// Loads lists from the API into the store: at start and again whenever the stream says so.
import { boot } from "../core/boot.js";
import { ApiError, get } from "../core/api.js";
import { now } from "../core/clock.js";
import { changeMark, dropIncident, emit, loadFailed, putIncident, replaceClosures, replaceCrews, replaceIncidents, selectedIncident, setConnection, state } from "../core/store.js";

const PAGE = boot.limits.page;
const AGAIN_MS = [1000, 2000, 4000, 8000, 15000];
const PATIENCE_MS = 3000;
const RESOLVED_MOST = 100;

/** Whether it was loaded. */
async function load(name, ask, take) {
  const since = changeMark();
  try {
    const answer = await ask();
    take(answer, since);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    loadFailed(name);
    return false;
  }
}

export const loadCrews = () => load("crews", () => get("/crews"), ({ crews }, since) => replaceCrews(crews, since));

/** Everything somebody has yet to see to: all of it, however much it is. */
async function unfinished() {
  const found = [];
  for (let older = ""; ; older = `&before_id=${found.at(-1).id}`) {
    const { incidents } = await get(`/incidents?state=open,assigned,on_scene&limit=${PAGE}${older}`);
    found.push(...incidents);
    if (incidents.length < PAGE) return found;
  }
}

/** One that is no longer on the board; none where the server lost it, as after a restored backup. */
async function ended(id) {
  try {
    return [await get(`/incidents/${id}`)];
  } catch (error) {
    if (error.status === 404) return [];
    throw error;
  }
}

/** Of what is done, the newest: where nobody closes incidents they would crowd out the open ones. */
async function board() {
  const [open, { incidents: done }] = await Promise.all([unfinished(), get(`/incidents?state=resolved&limit=${RESOLVED_MOST + 1}`)]);
  const incidents = [...open, ...done.slice(0, RESOLVED_MOST)];
  // What is looked at may have ended meanwhile; it stays open on the side, as it is now.
  const chosen = selectedIncident();
  if (chosen && !incidents.some(({ id }) => id === chosen.id)) incidents.push(...(await ended(chosen.id)));
  return { incidents, olderResolved: done.length > RESOLVED_MOST };
}

export const loadIncidents = () =>
  load("incidents", board, ({ incidents, olderResolved }, since) => replaceIncidents(incidents, since, { olderResolved }));

export const loadClosures = () => load("closures", () => get("/closures"), ({ closures }, since) => replaceClosures(closures, since));

const others = [];

/** Load this, too, at the start and whenever everything is to be asked for again; false: not loaded. */
export const alsoLoad = (load) => others.push(load);

/** Whether all of it was loaded. */
export async function loadAll() {
  const loaded = await Promise.all([loadIncidents(), loadCrews(), loadClosures(), ...others.map((each) => each())]);
  return !loaded.includes(false);
}

let asked = 0;

/**
 * Ask for everything again, after events that nobody tells any more: until all of it has come.
 * Meanwhile the board is behind, and says so, however well the line is.
 */
export async function reload() {
  const number = (asked += 1);
  const behindAt = state.connection.behindAt ?? now();
  // A later one may be through already, while this one still waits for an answer.
  const behind = () => number === asked && setConnection({ behindAt });
  const late = setTimeout(behind, PATIENCE_MS);
  for (let tries = 0; !(await loadAll()); tries += 1) {
    if (number !== asked) break;
    behind();
    await new Promise((done) => setTimeout(done, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]));
    if (number !== asked) break;
  }
  clearTimeout(late);
  if (number !== asked) return; // a later one sees to it
  setConnection({ behindAt: null });
  emit("reset");
  emit("roads");
}

export async function loadIncident(id) {
  const since = changeMark();
  const incident = await get(`/incidents/${id}`);
  putIncident(incident, { since });
}

/** It was moved to another unit: still seen by whoever sees both, or has a crew there. */
export async function lookAgain(id) {
  if (!state.incidents.has(id)) return;
  try {
    await get(`/incidents/${id}`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) dropIncident(id);
  }
}
