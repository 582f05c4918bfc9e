// The server's time. A desk whose own clock is five minutes off still shows true ages; a phone that is
// started without signal goes by what it heard last.
import { readStored, writeStored } from "./browser_storage.js";

const KEY = "nearcrew-clock";
const WORTH_KEEPING_MS = 500;

let keptMs = readStored(KEY, null);
let offsetMs = Number.isFinite(keptMs) ? keptMs : 0;
let known = false;

/** Take the server's word for the time, as heard just now. */
export function setServerTime(iso) {
  const heard = Date.parse(iso) - Date.now();
  if (Number.isNaN(heard)) return;
  // A message may be late but never early: the largest offset heard is nearest the truth.
  // A drop of more than 2 s means that one of the clocks was set.
  offsetMs = known && heard < offsetMs && offsetMs - heard < 2000 ? offsetMs : heard;
  known = true;
  if (keptMs !== null && Math.abs(keptMs - offsetMs) < WORTH_KEEPING_MS) return;
  keptMs = offsetMs;
  writeStored(KEY, keptMs);
}

/** Whether the server has told its time yet. */
export const clockKnown = () => known;

/** What this device's clock showed, in milliseconds since 1970, as the server's clock showed it. */
export const byServer = (deviceMs) => deviceMs + offsetMs;

/** Milliseconds since 1970 by the server's clock. */
export const now = () => Date.now() + offsetMs;

/** Seconds since an instant (ISO 8601), by the server's clock; never negative. */
export function secondsSince(iso) {
  const then = Date.parse(iso);
  return Number.isNaN(then) ? null : Math.max(0, (now() - then) / 1000);
}
