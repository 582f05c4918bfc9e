// The search radius for crews: read from what people type, shown in metres or kilometres.
import { boot } from "../core/boot.js";
import { exactDistance } from "../core/format.js";
import { setRadius, state } from "../core/store.js";

export const RADIUS_M = boot.limits.radius_m;

/** Within the limits, and rounded as far as anybody can mean it: 10 m, 100 m beyond ten kilometres. */
export function fitRadius(metres) {
  const step = metres < 10000 ? 10 : 100;
  return Math.min(RADIUS_M.max, Math.max(RADIUS_M.min, Math.round(metres / step) * step));
}

/**
 * "800 m", "2.3 km", "2,3", "3公里" as metres; null when it is none of these. A bare number is
 * kilometres up to 100, as far as anybody looks, and metres from there.
 */
export function readRadius(words) {
  const found = /^\s*(\d+(?:[.,]\d+)?)\s*(km|m|公里|千米|米)?\s*$/i.exec(words);
  if (!found) return null;
  const number = Number(found[1].replace(",", "."));
  const unit = found[2]?.toLowerCase();
  const inMetres = unit ? unit === "m" || unit === "米" : number > RADIUS_M.max / 1000;
  return Number.isFinite(number) ? number * (inMetres ? 1 : 1000) : null;
}

export const sayRadius = (metres) => exactDistance(metres);

/** Take a radius in metres; what is beyond the limits becomes the limit. */
export function takeRadius(metres) {
  const wanted = fitRadius(metres);
  if (wanted !== state.radiusM) setRadius(wanted);
  return wanted;
}
