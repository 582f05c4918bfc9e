// Lengths and areas on the WGS 84 ellipsoid, as far as one city reaches: within 0.1 % up to 100 km.

const SEMI_MAJOR_M = 6378137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const radians = (degrees) => (degrees * Math.PI) / 180;

/**
 * Metres per degree of longitude and of latitude at a latitude: the ellipsoid's two radii of
 * curvature (across and along the meridian) there.
 */
export function metresPerDegree(latDeg) {
  const sin = Math.sin(radians(latDeg));
  const w2 = 1 - E2 * sin * sin;
  const across = SEMI_MAJOR_M / Math.sqrt(w2);
  const along = (SEMI_MAJOR_M * (1 - E2)) / w2 ** 1.5;
  return { x: radians(1) * across * Math.cos(radians(latDeg)), y: radians(1) * along };
}

const wrap = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;

/** Metres between two [lon, lat], straight over the ground. */
export function straightLine([lon1, lat1], [lon2, lat2]) {
  const scale = metresPerDegree((lat1 + lat2) / 2);
  return Math.hypot(wrap(lon2 - lon1) * scale.x, (lat2 - lat1) * scale.y);
}

/** Metres along a line of [lon, lat]. */
export const lengthOf = (points) => points.slice(1).reduce((sum, point, index) => sum + straightLine(points[index], point), 0);

/** Square metres inside a ring of [lon, lat]; the last point need not repeat the first. */
export function areaOf(ring) {
  if (ring.length < 3) return 0;
  const [lon0] = ring[0];
  const lat0 = ring.reduce((sum, [, lat]) => sum + lat, 0) / ring.length;
  const scale = metresPerDegree(lat0);
  const flat = ring.map(([lon, lat]) => [wrap(lon - lon0) * scale.x, (lat - lat0) * scale.y]);
  const twice = flat.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = flat[(index + 1) % flat.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}
