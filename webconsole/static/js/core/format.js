// Formatting of times, ages, distances and areas as a dispatcher says them.
import { now } from "./clock.js";
import { _, isChinese } from "./i18n.js";

const locale = () => (isChinese() ? "zh-CN" : "en-GB");

/** "45 s", "7 min", "1 h 05 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return _("%(n)s s", { n: s });
  if (s < 3600) return _("%(n)s min", { n: Math.round(s / 60) });
  if (s < 86400) {
    const minutes = Math.round(s / 60);
    return _("%(h)s h %(m)s min", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
  }
  return _("%(n)s d", { n: Math.floor(s / 86400) });
}

/** Travel time: a whole minute at least, because nobody arrives in "0 min". */
export function travelTime(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  return duration(seconds < 60 ? Math.max(60, seconds) : seconds);
}

/** When it is honest to say so, from–until: "6–9 min"; one figure where both round to it. */
export function travelTimeRange(earliestS, latestS) {
  const [from, until] = [travelTime(earliestS), travelTime(latestS)];
  if (earliestS === null || latestS === null || from === until) return until;
  const minutes = (seconds) => Math.max(1, Math.round(Math.round(seconds) / 60)); // as `duration`
  if (latestS < 3600) return _("%(n)s min", { n: `${minutes(earliestS)}–${minutes(latestS)}` });
  return `${from} – ${until}`;
}

/** How old a thing is: seconds up to two minutes, since those matter for a fix. */
export function age(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  const s = Math.round(seconds);
  return s < 120 ? _("%(n)s s", { n: s }) : duration(s);
}

/** A running timer: "07:32", "1:07:32", "2 d 03:10". */
export function timer(seconds) {
  const s = Math.max(0, Math.floor(seconds ?? 0));
  const two = (n) => String(n).padStart(2, "0");
  if (s >= 86400) {
    return `${_("%(n)s d", { n: Math.floor(s / 86400) })} ${two(Math.floor((s % 86400) / 3600))}:${two(Math.floor((s % 3600) / 60))}`;
  }
  const head = s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}` : two(Math.floor(s / 60));
  return `${head}:${two(s % 60)}`;
}

/** To the metre below a kilometre, then to ten: for what was set or measured, not estimated. */
export function exactDistance(metres) {
  if (metres < 1000) return _("%(n)s m", { n: Math.round(metres) });
  return _("%(n)s km", { n: String(Number((metres / 1000).toFixed(metres < 10000 ? 2 : 1))) });
}

/** Square metres up to a hectare, hectares up to a square kilometre. */
export function area(squareMetres) {
  if (squareMetres < 10000) return _("%(n)s m²", { n: Math.round(squareMetres) });
  if (squareMetres < 1e6) return _("%(n)s ha", { n: (squareMetres / 1e4).toFixed(2) });
  return _("%(n)s km²", { n: (squareMetres / 1e6).toFixed(2) });
}

export function distance(metres) {
  if (metres === null || metres === undefined) return "–";
  if (metres < 950) return _("%(n)s m", { n: Math.round(metres / 10) * 10 });
  const km = metres / 1000;
  return _("%(n)s km", { n: km < 10 ? km.toFixed(1) : Math.round(km) });
}

/** Across the roofs: beside a path by road it must not be taken for the length of that. */
export const straightDistance = (metres) => _("%(distance)s straight", { distance: distance(metres) });

// Made once: toLocaleTimeString makes a formatter at each call, 0.1 ms that a list of hundreds feels.
const formatters = new Map();
function formatter(name, options) {
  if (!formatters.has(name)) formatters.set(name, new Intl.DateTimeFormat(locale(), options));
  return formatters.get(name);
}

/** Wall-clock time; the date too when it is not today. */
export function clock(iso, { seconds = true } = {}) {
  if (!iso) return "–";
  const at = new Date(iso);
  const time = formatter(seconds ? "to the second" : "to the minute", {
    hour: "2-digit",
    minute: "2-digit",
    second: seconds ? "2-digit" : undefined,
    hourCycle: "h23",
  }).format(at);
  if (at.toDateString() === new Date(now()).toDateString()) return time;
  return `${formatter("day", { month: "short", day: "numeric" }).format(at)} ${time}`;
}

export const coordinates = (lon, lat) => `${lat.toFixed(5)}, ${lon.toFixed(5)}`;

export const speed = (mps) => _("%(n)s km/h", { n: Math.round(mps * 3.6) });
