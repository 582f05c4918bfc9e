// How a tracker is, in words.
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { age, clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

export const protocolLabel = (code) => boot.protocols[code] ?? code;
export const troubleLabel = (code) => boot.troubles[code] ?? code;
export const refusalLabel = (code) => boot.refusals[code] ?? code;

const ago = (iso) => _("%(age)s ago", { age: age(secondsSince(iso)) });

export const heardWords = ({ heard_at: at }) => (at ? ago(at) : _("never"));

/** Its last usable fix; of one that stands, since when. */
export function fixWords({ fixed_at: at, moved_at: moved }) {
  if (!at) return _("none yet");
  const stands = moved && Date.parse(moved) < Date.parse(at);
  return stands ? _("%(age)s ago, parked since %(time)s", { age: age(secondsSince(at)), time: clock(moved, { seconds: false }) }) : ago(at);
}

export function batteryWords({ battery_pct: level, charging }) {
  if (level === null) return "–";
  return charging ? _("%(n)s %, charging", { n: Math.round(level) }) : _("%(n)s %", { n: Math.round(level) });
}

export const accuracyWords = ({ accuracy_m: metres }) => (metres === null ? "–" : _("± %(n)s m", { n: Math.round(metres) }));

/** How many fixes were refused today, and why, the most frequent reason first. */
export function refusedWords({ refused_today: refused, used_today: used }) {
  const reasons = Object.entries(refused);
  if (!reasons.length) return used ? _("none of %(n)s", { n: used }) : "–";
  return reasons.map(([reason, count]) => `${count} × ${refusalLabel(reason)}`).join(", ");
}

export function testWords({ test }) {
  if (!test) return "";
  return test.answered_at ? _("heard %(age)s after it was asked", { age: age((Date.parse(test.answered_at) - Date.parse(test.asked_at)) / 1000) }) : _("asked %(age)s ago, not heard since", { age: age(secondsSince(test.asked_at)) });
}
