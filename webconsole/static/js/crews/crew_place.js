// How old a crew's place is, honestly: one that stands and is heard is where it was.
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { age, clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

export const staleAfter = boot.stale_fix_s ?? 120;
const OLD_FIX_S = 60;

/** For how long nothing has said that it is still there. */
export const placeAge = (crew) => secondsSince(crew.known_at ?? crew.fixed_at);
export const isStale = (crew) => !crew.fixed_at || placeAge(crew) > staleAfter;

/** Whether it stands, has not sent a fix for a while, and is heard all the same. */
export const isParked = (crew) =>
  Boolean(crew.parked_since && crew.known_at && crew.fixed_at) && secondsSince(crew.fixed_at) >= OLD_FIX_S && Date.parse(crew.known_at) > Date.parse(crew.fixed_at);

/** The age of its fix; of a parked crew since when, and when it was heard. */
export function placeWords(crew) {
  if (!crew.fixed_at) return _("no fix");
  if (!isParked(crew)) return _("fix %(age)s", { age: age(secondsSince(crew.fixed_at)) });
  return _("parked since %(time)s, heard %(age)s ago", { time: clock(crew.parked_since, { seconds: false }), age: age(placeAge(crew)) });
}
