// Conversion between WGS 84 and the shifted coordinates of Chinese maps: the twin of geodata's datum
// module, both held to the same vectors. Formulas: googollee/eviltransform (GCJ-02) and
// wandergis/coordtransform (BD-09).

const SEMI_MAJOR_M = 6378245; // Krasovsky 1940
const ECCENTRICITY_SQUARED = 0.00669342162296594323;
const ORIGIN = [105, 35];
const FRAME = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 };
const BD_WAVE = (Math.PI * 3000) / 180;
const BD_OFF = [0.0065, 0.006];
const STEPS = 8;

const { PI, abs, atan2, cos, hypot, max, sin, sqrt } = Math;
const radians = (degrees) => (degrees * PI) / 180;
const degrees = (angle) => (angle * 180) / PI;

/** Whether GCJ-02 differs from WGS 84 at a WGS 84 position. */
export const isShifted = (lon, lat) => lon >= FRAME.west && lon <= FRAME.east && lat >= FRAME.south && lat <= FRAME.north;

/** GCJ-02 of WGS 84, as if it held everywhere. */
function shift(lon, lat) {
  const [x, y] = [lon - ORIGIN[0], lat - ORIGIN[1]];
  const root = sqrt(abs(x));
  const ripple = ((20 * sin(6 * PI * x) + 20 * sin(2 * PI * x)) * 2) / 3;
  let north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple;
  north += ((20 * sin(PI * y) + 40 * sin((PI / 3) * y)) * 2) / 3;
  north += ((160 * sin((PI / 12) * y) + 320 * sin((PI / 30) * y)) * 2) / 3;
  let east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple;
  east += ((20 * sin(PI * x) + 40 * sin((PI / 3) * x)) * 2) / 3;
  east += ((150 * sin((PI / 12) * x) + 300 * sin((PI / 30) * x)) * 2) / 3;
  const flatness = 1 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2;
  const meridian = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / flatness ** 1.5;
  const parallel = (SEMI_MAJOR_M / sqrt(flatness)) * max(cos(radians(lat)), 1e-9);
  return [lon + degrees(east / parallel), lat + degrees(north / meridian)];
}

function gcjToBd(lon, lat) {
  const far = hypot(lon, lat) + 0.00002 * sin(lat * BD_WAVE);
  const angle = atan2(lat, lon) + 0.000003 * cos(lon * BD_WAVE);
  return [far * cos(angle) + BD_OFF[0], far * sin(angle) + BD_OFF[1]];
}

/** Where `forward` leads to [lon, lat]: go forward from a guess, correct it by what is missing. */
function undo(forward, lon, lat, guess) {
  let [x, y] = guess;
  for (let step = 0; step < STEPS; step += 1) {
    const [shiftedLon, shiftedLat] = forward(x, y);
    [x, y] = [x + (lon - shiftedLon), y + (lat - shiftedLat)];
  }
  return [x, y];
}

function gcjToWgs(lon, lat) {
  const found = undo(shift, lon, lat, [lon, lat]);
  return isShifted(...found) ? found : [lon, lat];
}

/** [lon, lat] in WGS 84 of a position in "wgs84", "gcj02" or "bd09". */
export function toWgs84(lon, lat, datum) {
  if (datum === "gcj02") return gcjToWgs(lon, lat);
  if (datum === "bd09") return gcjToWgs(...undo(gcjToBd, lon, lat, [lon - BD_OFF[0], lat - BD_OFF[1]]));
  return [lon, lat];
}

/** [lon, lat] in "wgs84", "gcj02" or "bd09" of a WGS 84 position. */
export function fromWgs84(lon, lat, datum) {
  const gcj = datum !== "wgs84" && isShifted(lon, lat) ? shift(lon, lat) : [lon, lat];
  return datum === "bd09" ? gcjToBd(...gcj) : gcj;
}
