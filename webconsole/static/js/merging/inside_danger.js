// Which other open incidents lie inside an incident's danger radius.
import { state } from "../core/store.js";

const METRES_PER_DEGREE = 111320;
const ENDED = ["closed", "cancelled", "merged"];

/** Metres between two places as near as a few kilometres apart. */
export function metresApart(one, other) {
  const east = (other.lon - one.lon) * Math.cos((one.lat * Math.PI) / 180);
  return Math.hypot(east, other.lat - one.lat) * METRES_PER_DEGREE;
}

/** [{incident, distanceM}], the nearest first. */
export function insideDanger(incident) {
  if (!incident?.danger_radius_m) return [];
  return [...state.incidents.values()]
    .filter((other) => other.id !== incident.id && !ENDED.includes(other.state))
    .map((other) => ({ incident: other, distanceM: metresApart(incident, other) }))
    .filter(({ distanceM }) => distanceM <= incident.danger_radius_m)
    .sort((a, b) => a.distanceM - b.distanceM || a.incident.id - b.incident.id);
}
