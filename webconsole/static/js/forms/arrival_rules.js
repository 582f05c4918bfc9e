// When a phone asks its crew whether it has arrived. Pure: places and instants in, a question out. It
// only asks; that a crew is there is what the crew says.

const STAYS_MS = 10000;
const STOPPED_MS = 30000;
const STOPPED_MPS = 1;
const AGAIN_MS = 180000;
const LEAVES = 1.5; // times the radius
const NEAR_BY = 2; // times the radius, for a crew that stands: the street may be blocked
const MOST_ACCURACY_M = 100; // a fix that is less exact says nothing

const RADIAN = Math.PI / 180;
const EARTH_M = 6371008.8;

/** Metres between two places, in a straight line. */
export function metresBetween(a, b) {
  const [lat, lon] = [(b.lat - a.lat) * RADIAN, (b.lon - a.lon) * RADIAN];
  const h = Math.sin(lat / 2) ** 2 + Math.cos(a.lat * RADIAN) * Math.cos(b.lat * RADIAN) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export const beginning = { nearMs: null, stoppedMs: null, last: null, asks: false, notYetMs: null };

/**
 * What is known after one more fix {lon, lat, accuracy, timestamp}; `asks` is whether to ask.
 *
 * Near is within the radius, or within what the fix may be wrong by where that is more. It asks once
 * that has lasted ten seconds, or once the crew has stood nearby for half a minute.
 */
export function afterFix(known, fix, target, radiusM) {
  if (!(fix.accuracy <= MOST_ACCURACY_M) || (known.last && fix.timestamp <= known.last.timestamp)) return known;
  const away = metresBetween(fix, target);
  const at = fix.timestamp;
  const near = away <= Math.max(radiusM, fix.accuracy);
  const seconds = known.last ? (at - known.last.timestamp) / 1000 : Infinity;
  const stands = known.last !== null && metresBetween(fix, known.last) <= Math.max(STOPPED_MPS * seconds, fix.accuracy / 2);
  const left = away > radiusM * LEAVES && !(away <= radiusM * NEAR_BY && stands);
  const nearMs = near ? known.nearMs ?? at : null;
  const stoppedMs = stands && away <= radiusM * NEAR_BY ? known.stoppedMs ?? known.last.timestamp : null;
  const notYetMs = left ? null : known.notYetMs;
  const ready = (nearMs !== null && at - nearMs >= STAYS_MS) || (stoppedMs !== null && at - stoppedMs >= STOPPED_MS);
  const quiet = notYetMs !== null && at - notYetMs < AGAIN_MS;
  return { nearMs, stoppedMs, last: fix, notYetMs, asks: !left && !quiet && (ready || known.asks) };
}

/** "Not yet": asked again only after the crew has left, or after three minutes. */
export const afterNotYet = (known) => ({ ...known, asks: false, notYetMs: known.last?.timestamp ?? 0 });
