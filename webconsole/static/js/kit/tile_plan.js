// Which tiles of the map a phone keeps: around its orders and along the ways there first, then around
// its station. Pure arithmetic.

const ZOOMS = [10, 11, 12, 13, 14, 15];
const NEAREST_ZOOM = 16;
export const AROUND_M = 5000;
const NEAR_M = 700; // of the nearest zoom, around a target
const ALONG_M = 250;
export const MOST_TILES = 1500;
export const MOST_OF_ONE_ARCHIVE = 128;
const M_PER_DEGREE = 111_320;
const STEP_M = 150; // a line is looked at this often; no tile of these zooms is smaller

const radians = (degrees) => (degrees * Math.PI) / 180;
const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

/** Column and row of the tile a place is on. */
export function tileAt({ lon, lat }, z) {
  const n = 2 ** z;
  const y = (1 - Math.asinh(Math.tan(radians(lat))) / Math.PI) / 2;
  return [clamp(Math.floor(((lon + 180) / 360) * n), 0, n - 1), clamp(Math.floor(y * n), 0, n - 1)];
}

/** Columns and rows that a box covers: {west, south, east, north} → [x0, x1, y0, y1]. */
function span({ west, south, east, north }, z) {
  const [x0, y0] = tileAt({ lon: west, lat: north }, z);
  const [x1, y1] = tileAt({ lon: east, lat: south }, z);
  return [x0, x1, y0, y1];
}

function boxAround({ lon, lat }, radiusM) {
  const north = radiusM / M_PER_DEGREE;
  const east = north / Math.cos(radians(lat));
  return { west: lon - east, east: lon + east, south: lat - north, north: lat + north };
}

/** Places along a line of [lon, lat], no farther apart than a step. */
function* placesAlong(line) {
  for (const [index, [lon, lat]] of line.entries()) {
    const [lon0, lat0] = line[index - 1] ?? [lon, lat];
    const apartM = Math.hypot((lon - lon0) * Math.cos(radians(lat)), lat - lat0) * M_PER_DEGREE;
    const steps = Math.max(1, Math.ceil(apartM / STEP_M));
    for (let step = 1; step <= steps; step += 1) yield { lon: lon0 + ((lon - lon0) * step) / steps, lat: lat0 + ((lat - lat0) * step) / steps };
  }
}

/**
 * The tiles to keep, as "z/x/y", what is needed most first.
 *
 * `bounds`: west, south, east, north of the ground, beyond which there is nothing. `targets`: {lon,
 * lat} of the orders, the present one first. `lines`: of the ways there, [[lon, lat], …]. `places`:
 * {lon, lat} where the crew starts from, and is.
 */
export function planTiles({ bounds, targets, lines = [], places = [] }) {
  const [west, south, east, north] = bounds;
  const keys = new Set();
  const add = (box, z) => {
    const [left, right, top, bottom] = span({ west, south, east, north }, z);
    const [x0, x1, y0, y1] = span(box, z);
    for (let x = Math.max(x0, left); x <= Math.min(x1, right); x += 1) {
      for (let y = Math.max(y0, top); y <= Math.min(y1, bottom); y += 1) keys.add(`${z}/${x}/${y}`);
    }
  };
  const around = (place) => ZOOMS.forEach((z) => add(boxAround(place, AROUND_M), z));
  for (const target of targets) add(boxAround(target, NEAR_M), NEAREST_ZOOM);
  for (const line of lines) {
    for (const place of placesAlong(line)) for (const z of [...ZOOMS, NEAREST_ZOOM]) add(boxAround(place, ALONG_M), z);
  }
  targets.forEach(around);
  places.forEach(around);
  return [...keys].slice(0, MOST_TILES);
}

/** Tiles as the server reads them: "15/17054/11940-11956,…", in pieces of one archive each. */
export function archivesOf(keys) {
  const archives = [];
  for (let from = 0; from < keys.length; from += MOST_OF_ONE_ARCHIVE) {
    const sorted = keys.slice(from, from + MOST_OF_ONE_ARCHIVE).map((key) => key.split("/").map(Number));
    sorted.sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    const runs = [];
    for (const [z, x, y] of sorted) {
      const last = runs.at(-1);
      if (last?.z === z && last.x === x && last.to === y - 1) last.to = y;
      else runs.push({ z, x, from: y, to: y });
    }
    archives.push(runs.map((run) => `${run.z}/${run.x}/${run.from}${run.to > run.from ? `-${run.to}` : ""}`).join(","));
  }
  return archives;
}
