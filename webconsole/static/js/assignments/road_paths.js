// Paths by road, each fetched once and shared: the map draws them, the panel compares them.
import { ApiError, get } from "../core/api.js";
import { emit, on } from "../core/store.js";

const KEEP_MS = 20000; // the path of a driving crew is fetched again after this
const MOST = 200;
const NO_PATH = { points: [], facts: {}, others: [] };
const UNKNOWN = { ...NO_PATH, unknown: true };

const kept = new Map();
const toLatLng = (coordinates) => coordinates.map(([lon, lat]) => [lat, lon]);

/** {points, facts, others} of a path; no points where there is none, or `unknown` for now. */
function toPath(feature) {
  const { alternatives = [], ...facts } = feature?.properties ?? {};
  return { points: toLatLng(feature?.geometry?.coordinates ?? []), facts, others: alternatives.map((other) => toLatLng(other.coordinates)) };
}

/** What the server says is so; what it could not say is asked for again at the next occasion. */
function refused(error, url, entry) {
  if (!(error instanceof ApiError)) throw error;
  if (!error.later) return NO_PATH;
  if (kept.get(url) === entry) kept.delete(url);
  return UNKNOWN;
}

function pathFrom(url) {
  const known = kept.get(url);
  if (known && performance.now() - known.atMs < KEEP_MS) return known.path;
  const entry = { atMs: performance.now(), path: get(url).then(toPath, (error) => refused(error, url, entry)) };
  kept.set(url, entry);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
  return entry.path;
}

/** Closures changed: any path may be another one now. */
on("roads", () => kept.clear());

/** A crew drives by another way than it did. */
on("event", ({ kind, assignment_id: id }) => {
  if (kind !== "assignment.way_chosen") return;
  kept.delete(`/assignments/${id}/route`);
  emit("ways");
});

export const assignmentPath = (assignmentId) => pathFrom(`/assignments/${assignmentId}/route`);

/** The path a crew would take to an incident, with up to two others. */
export const candidatePath = (incidentId, crewId) => pathFrom(`/incidents/${incidentId}/candidates/${crewId}/route?alternatives=1`);

/** From one place to another, each {lon, lat}. */
export function pathBetween(from, to) {
  const at = ({ lon, lat }) => `${lon.toFixed(6)},${lat.toFixed(6)}`;
  return pathFrom(`/routes?from=${at(from)}&to=${at(to)}`);
}
