// The state of the console, in one place. Panels and map read it and listen; only the functions
// here write. Older data never replaces newer, whichever way it came.

import { _ } from "./i18n.js";

const listeners = new Map();
const waiting = new Set();
let scheduled = false;

export const state = {
  incidents: new Map(),
  /** Whether there are more resolved incidents than were loaded. */
  olderResolved: false,
  crews: new Map(),
  closures: new Map(),
  /** What the right panel shows: {kind: "incident"|"crew"|"pin"|"edit"|"closures"|"closing"|null, id}. */
  selection: { kind: null, id: null },
  radiusM: null, // the setting, once the page has begun
  /** Where a new incident would be: {lon, lat} while the form is open. */
  draft: null,
  /** What is being marked to be closed: {kind, points, done, line} while the form is open. */
  marking: null,
  /** The crew whose route is shown while the pointer is on it. */
  hoverCrewId: null,
  /** The newest answer to who could come to the chosen incident, as the API gave it. */
  candidates: null,
  /** The crew whose path is held on the map, to compare others with it. */
  compareCrewId: null,
  /** The crew that the map keeps in view. */
  followingCrewId: null,
  loading: { incidents: "loading", crews: "loading", closures: "loading" },
  /** `behindAt`: when it was last known what is missing here, while that could not be loaded yet. */
  connection: { phase: "connecting", heardAt: null, behindAt: null, overdueS: 0, standbyLostS: 0 },
};

/** Listen to a topic; returns the function that stops it. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
  return () => listeners.get(topic).delete(listener);
}

/** Tell at once. For things that happen one by one (events, ticks). */
export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) {
    try {
      listener(detail);
    } catch (error) {
      reportError(error); // one panel's fault must not leave the others in the dark
    }
  }
}

/** Tell soon, once, however often it changed meanwhile. A hidden tab still gets its turn. */
export function touch(topic) {
  waiting.add(topic);
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    const topics = [...waiting];
    waiting.clear();
    for (const changed of topics) emit(changed);
  }, 0);
}

// A list that was asked for before an event and arrives after it is older than the event.
// Every stream change takes a number; a list only writes rows untouched since it was asked for.
let changes = 0;
export const changeMark = () => changes;

export function putIncident(incident, { since = null } = {}) {
  const known = state.incidents.get(incident.id);
  if (known && known.version > incident.version) return;
  if (known && known.version === incident.version && since !== null && known.seenAt > since) return;
  if (since === null) changes += 1;
  // Clocks are started by what a request does, and told to all behind its own answer.
  const clocks = known && known.version === incident.version && known.clocks?.length > incident.clocks?.length ? known.clocks : incident.clocks;
  // Who comes from a unit whose rows are not seen here is said without a name.
  const assignments = incident.assignments?.map((order) => (order.crew_name ? order : { ...order, crew_name: _("a crew of another unit") }));
  state.incidents.set(incident.id, { ...incident, ...(assignments && { assignments }), clocks, seenAt: changes });
  touch("incidents");
}

/** It went to another unit, and is not seen here any more. */
export function dropIncident(id) {
  if (!state.incidents.delete(id)) return;
  changes += 1;
  if (state.selection.kind === "incident" && state.selection.id === id) select(null);
  touch("incidents");
}

function newerFix(known, crew) {
  if (!known?.fixed_at) return crew;
  if (crew.fixed_at && Date.parse(crew.fixed_at) >= Date.parse(known.fixed_at)) return crew;
  const { lon, lat, fixed_at, known_at, parked_since, heading_deg, speed_mps } = known;
  return { ...crew, lon, lat, fixed_at, known_at, parked_since, heading_deg, speed_mps };
}

export function putCrew(crew, { since = null } = {}) {
  const known = state.crews.get(crew.id);
  if (known && since !== null && known.seenAt > since) return;
  if (since === null) changes += 1;
  if (crew.retired_at) {
    state.crews.delete(crew.id);
    touch("crews");
    return;
  }
  state.crews.set(crew.id, { ...newerFix(known, crew), seenAt: changes });
  touch("crews");
}

export function putClosure(closure, { since = null } = {}) {
  const known = state.closures.get(closure.id);
  if (known && known.version > closure.version) return;
  if (since === null) changes += 1;
  state.closures.set(closure.id, { ...closure, seenAt: changes });
  touch("closures");
}

/** Replace the lists: what is not in them any more is gone. */
export function replaceIncidents(incidents, since, { olderResolved }) {
  state.olderResolved = olderResolved;
  const kept = new Set(incidents.map((incident) => incident.id));
  for (const [id, incident] of state.incidents) {
    if (!kept.has(id) && incident.seenAt <= since && selectedIncident()?.id !== id) state.incidents.delete(id);
  }
  for (const incident of incidents) putIncident(incident, { since });
  state.loading.incidents = "ready";
  touch("incidents");
}

export function replaceCrews(crews, since) {
  const kept = new Set(crews.map((crew) => crew.id));
  for (const [id, crew] of state.crews) {
    if (!kept.has(id) && crew.seenAt <= since) state.crews.delete(id);
  }
  for (const crew of crews) putCrew(crew, { since });
  state.loading.crews = "ready";
  touch("crews");
}

export function replaceClosures(closures, since) {
  const kept = new Set(closures.map((closure) => closure.id));
  for (const [id, closure] of state.closures) {
    if (!kept.has(id) && closure.seenAt <= since) state.closures.delete(id);
  }
  for (const closure of closures) putClosure(closure, { since });
  state.loading.closures = "ready";
  touch("closures");
}

export function loadFailed(list) {
  if (state.loading[list] !== "ready") state.loading[list] = "failed";
  touch(list);
}

/** One second's worth of moved crews: [crew_id, lon, lat, heading, speed, fixed_at, known_at, parked_since]. */
export function movePositions(positions) {
  for (const [id, lon, lat, heading_deg, speed_mps, fixed_at, known_at, parked_since] of positions) {
    const crew = state.crews.get(id);
    if (!crew) continue;
    if (crew.fixed_at && Date.parse(fixed_at) < Date.parse(crew.fixed_at)) continue;
    Object.assign(crew, { lon, lat, heading_deg, speed_mps, fixed_at, known_at, parked_since });
  }
  touch("positions");
}

/** Crews that are reached otherwise than before: [crew_id, channels, since]. */
export function setReach(rows) {
  for (const [id, channels, since] of rows) {
    const crew = state.crews.get(id);
    if (crew) state.crews.set(id, { ...crew, reachable: { channels, since } });
  }
  touch("crews");
}

// Forms that have something marked on the map. A distance is measured whatever is chosen meanwhile.
const MARKS = new Set(["closing", "zone"]);

export function select(kind, id = null) {
  if (kind !== "pin" && kind !== "edit") state.draft = null;
  if (!MARKS.has(kind) && state.marking && state.marking.kind !== "measure") setMarking(null);
  if (kind !== "incident" || state.selection.id !== id) compareCrew(null);
  state.hoverCrewId = null;
  state.selection = { kind, id };
  touch("selection");
  touch("hover");
}

export function setDraft(point) {
  state.draft = point;
  touch("draft");
}

export function setMarking(marking) {
  state.marking = marking;
  touch("marking");
}

export function setRadius(radiusM) {
  state.radiusM = radiusM;
  touch("radius");
}

export function hoverCrew(id) {
  if (state.hoverCrewId === id) return;
  state.hoverCrewId = id;
  touch("hover");
}

export function setCandidates(answer) {
  state.candidates = answer;
  touch("candidates");
}

/** Hold a crew's path on the map; null lets it go. */
export function compareCrew(id) {
  if (state.compareCrewId === id) return;
  state.compareCrewId = id;
  touch("compare");
}

/** Keep a crew in view; null stops. */
export function followCrew(id) {
  if (state.followingCrewId === id) return;
  state.followingCrewId = id;
  touch("following");
}

export function setConnection(change) {
  Object.assign(state.connection, change);
  touch("connection");
}

export const selectedIncident = () =>
  state.selection.kind === "incident" || state.selection.kind === "edit" ? state.incidents.get(state.selection.id) : undefined;

export const liveAssignments = (incident) =>
  (incident?.assignments ?? []).filter((a) => ["offered", "accepted", "en_route", "on_scene"].includes(a.state));
