// Ways by road, asked for once and shared: the map draws them, the panel compares them.
import { ApiError, get } from "../core/api.js";
import { on } from "../core/store.js";

const KEEP_MS = 20000; // a driving crew's way is asked for again after this
const MOST = 200;
const NO_WAY = { points: [], facts: {}, others: [] };
const UNKNOWN = { ...NO_WAY, unknown: true };

const kept = new Map();
const toLatLng = (coordinates) => coordinates.map(([lon, lat]) => [lat, lon]);

/** {points, facts, others} of a way; no points where there is none, or `unknown` for now. */
function toWay(feature) {
  const { alternatives = [], ...facts } = feature?.properties ?? {};
  return { points: toLatLng(feature?.geometry?.coordinates ?? []), facts, others: alternatives.map((other) => toLatLng(other.coordinates)) };
}

/** What the server says is so; what it could not say is asked for again at the next occasion. */
function refused(error, path, entry) {
  if (!(error instanceof ApiError)) throw error;
  if (!error.later) return NO_WAY;
  if (kept.get(path) === entry) kept.delete(path);
  return UNKNOWN;
}

function way(path) {
  const known = kept.get(path);
  if (known && performance.now() - known.atMs < KEEP_MS) return known.way;
  const entry = { atMs: performance.now(), way: get(path).then(toWay, (error) => refused(error, path, entry)) };
  kept.set(path, entry);
  if (kept.size > MOST) kept.delete(kept.keys().next().value);
  return entry.way;
}

/** Closures changed: every way may be another. */
on("roads", () => kept.clear());

export const assignmentWay = (assignmentId) => way(`/assignments/${assignmentId}/route`);

/** The way a crew would take to an incident, with up to two others. */
export const candidateWay = (incidentId, crewId) => way(`/incidents/${incidentId}/candidates/${crewId}/route?alternatives=1`);

/** From one place to another, each {lon, lat}. */
export function wayBetween(from, to) {
  const at = ({ lon, lat }) => `${lon.toFixed(6)},${lat.toFixed(6)}`;
  return way(`/routes?from=${at(from)}&to=${at(to)}`);
}
