// Lists from the API into the store; once at start and again whenever the stream says so.
import { ApiError, get } from "./api.js";
import { setServerTime } from "./clock.js";
import { changeMark, loadFailed, putIncident, replaceClosures, replaceCrews, replaceIncidents } from "./store.js";

const ON_THE_BOARD = "open,assigned,on_scene,resolved";

async function load(name, path, take) {
  const since = changeMark();
  try {
    const answer = await get(path);
    if (answer.server_time) setServerTime(answer.server_time);
    take(answer, since);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    loadFailed(name);
  }
}

export const loadCrews = () => load("crews", "/crews", ({ crews }, since) => replaceCrews(crews, since));

export const loadIncidents = () =>
  load("incidents", `/incidents?state=${ON_THE_BOARD}&limit=500`, ({ incidents }, since) => replaceIncidents(incidents, since));

export const loadClosures = () => load("closures", "/closures", ({ closures }, since) => replaceClosures(closures, since));

export const loadAll = () => Promise.all([loadIncidents(), loadCrews(), loadClosures()]);

export async function loadIncident(id) {
  const since = changeMark();
  const incident = await get(`/incidents/${id}`);
  putIncident(incident, { since });
}
