// Lists from the API into the store; once at start and again whenever the stream says so.
import { ApiError, get } from "./api.js";
import { setServerTime } from "./clock.js";
import { changeMark, loadFailed, putIncident, replaceClosures, replaceCrews, replaceIncidents } from "./store.js";

const PAGE = 500;
const RESOLVED_MOST = 100;

async function load(name, ask, take) {
  const since = changeMark();
  try {
    const answer = await ask();
    if (answer.server_time) setServerTime(answer.server_time);
    take(answer, since);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    loadFailed(name);
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

/** Of what is done, the newest: where nobody closes incidents they would crowd out the open ones. */
async function board() {
  const [open, { incidents: done }] = await Promise.all([unfinished(), get(`/incidents?state=resolved&limit=${RESOLVED_MOST + 1}`)]);
  return { incidents: [...open, ...done.slice(0, RESOLVED_MOST)], olderResolved: done.length > RESOLVED_MOST };
}

export const loadIncidents = () =>
  load("incidents", board, ({ incidents, olderResolved }, since) => replaceIncidents(incidents, since, { olderResolved }));

export const loadClosures = () => load("closures", () => get("/closures"), ({ closures }, since) => replaceClosures(closures, since));

const others = [];

/** Load this, too, at the start and whenever everything is to be asked for again. */
export const alsoLoad = (load) => others.push(load);

export const loadAll = () => Promise.all([loadIncidents(), loadCrews(), loadClosures(), ...others.map((each) => each())]);

export async function loadIncident(id) {
  const since = changeMark();
  const incident = await get(`/incidents/${id}`);
  putIncident(incident, { since });
}
