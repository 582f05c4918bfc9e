// Zones: districts and response areas. Loaded once, then kept up to date by events.
import { ApiError, call, get, patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { on, touch } from "../core/store.js";
import { alsoLoad } from "../live/loading.js";

const known = new Map();
let phase = "loading";
let changes = 0;

/** All zones by kind and name, as the API has them. Topic of changes: "zones". */
export const zones = () => [...known.values()].sort((a, b) => a.kind.localeCompare(b.kind) || zoneName(a).localeCompare(zoneName(b), boot.locale));

export const zone = (id) => known.get(id);
export const zonesPhase = () => phase;

/** In the reader's language where it has one. */
export const zoneName = ({ name, name_zh }) => (boot.locale === "zh" && name_zh) || name;

export const ZONE_KINDS = ["district", "response_area"];
const KIND_WORDS = { district: () => _("Districts"), response_area: () => _("Response areas") };
const KIND_WORD = { district: () => _("District"), response_area: () => _("Response area") };

/** The plural for headings; of one zone `zoneLabel`. */
export const zoneKindLabel = (kind) => KIND_WORDS[kind]();
export const zoneLabel = (kind) => KIND_WORD[kind]();

/** Drawing zones is the office's; the desk looks. The server says so too. */
export const mayDrawZones = () => (boot.roles ?? []).includes("administrator");

/** The zones in which a place lies, the smallest first. */
export function zonesAt(lon, lat) {
  return [...known.values()].filter(({ geometry, box }) => inBox(box, lon, lat) && inMulti(geometry.coordinates, lon, lat)).sort((a, b) => a.size - b.size);
}

const inBox = ([west, south, east, north], lon, lat) => lon >= west && lon <= east && lat >= south && lat <= north;

const inMulti = (parts, lon, lat) => parts.some(([outer, ...holes]) => inRing(outer, lon, lat) && !holes.some((hole) => inRing(hole, lon, lat)));

/** A ray to the east crosses the edge of what it starts in an odd number of times. */
function inRing(ring, lon, lat) {
  let inside = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [x1, y1] = ring[at];
    const [x0, y0] = ring[before];
    if (y1 > lat !== y0 > lat && lon < ((x0 - x1) * (lat - y1)) / (y0 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** The zone with its box and its size, which only serves to compare. */
function measured(one) {
  const box = [180, 90, -180, -90];
  let size = 0;
  for (const rings of one.geometry.coordinates) {
    rings.forEach((ring, number) => {
      let doubled = 0;
      ring.forEach(([lon, lat], at) => {
        box[0] = Math.min(box[0], lon);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lon);
        box[3] = Math.max(box[3], lat);
        const [lon0, lat0] = ring.at(at - 1);
        doubled += lon0 * lat - lon * lat0;
      });
      size += (number ? -0.5 : 0.5) * Math.abs(doubled);
    });
  }
  return { ...one, box, size };
}

function putZone(one) {
  changes += 1;
  if ((known.get(one.id)?.version ?? 0) > one.version) return;
  known.set(one.id, measured(one));
  touch("zones");
}

function dropZone(id) {
  changes += 1;
  known.delete(id);
  touch("zones");
}

/** Ask for all zones; what is not among them any more is gone. Whether they came. */
export async function loadZones() {
  const asked = changes;
  try {
    const answer = await get("/zones");
    if (asked !== changes) return loadZones(); // it may not have heard of what we have
    known.clear();
    for (const one of answer.zones) known.set(one.id, measured(one));
    phase = "ready";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (phase !== "ready") phase = "failed";
    touch("zones");
    return false;
  }
  touch("zones");
  return true;
}

function hearZone(event) {
  if (!event.kind.startsWith("zone.")) return;
  if (event.kind === "zone.imported") loadZones();
  else if (event.kind === "zone.removed") dropZone(event.data.zone.id);
  else putZone(event.data.zone);
}

on("event", hearZone);
alsoLoad(loadZones);

/** Save a new zone, or what changed of one. Throws ApiError, for the form to show it. */
export async function saveZone(fields, { id = null, key } = {}) {
  const saved = id === null ? await post("/zones", fields, { key }) : await patch(`/zones/${id}`, fields);
  putZone(saved);
  return saved;
}

export async function removeZone({ id, version }) {
  try {
    await call("DELETE", `/zones/${id}?expected_version=${version}`);
  } catch (error) {
    // Gone already is what was wanted.
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
  dropZone(id);
}
