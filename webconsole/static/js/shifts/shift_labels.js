// Labels of shifts: days, hours, states of swaps, and how a crew's duty agrees with its rota.
import { boot } from "../core/boot.js";
import { _, isChinese } from "../core/i18n.js";
import { say } from "../core/labels.js";

const SWAP = {
  asked: () => _("Asked"),
  agreed: () => _("Agreed, to be approved"),
  declined: () => _("Declined by the other crew"),
  approved: () => _("Approved"),
  refused: () => _("Not approved"),
  withdrawn: () => _("Withdrawn by who asked"),
  lapsed: () => _("Not decided in time"),
};
const MARK = {
  outside: () => _("outside the rota"),
  missing: () => _("not on duty, the rota says so"),
};
const DAYS = {
  any: () => _("every day"),
  workdays: () => _("workdays"),
  free_days: () => _("weekends and holidays"),
};

export const swapLabel = (state) => say(SWAP, state);
export const markLabel = (mark) => (mark in MARK ? MARK[mark]() : "");
export const daysLabel = (days) => say(DAYS, days);
export const DAY_KINDS = Object.keys(DAYS);

/** Monday first. */
export const weekdayNames = () => [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")];

/** "22:00–06:00 Night" */
export const shiftLabel = ({ from_time, to_time, name }) => [`${from_time}–${to_time}`, name].filter(Boolean).join(" ");

/** Days are the desk's, whatever the zone of the browser: reckoned in UTC from their own names. */
export const addDays = (day, count) => {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
};
export const weekdayOf = (day) => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
export const mondayOf = (day) => addDays(day, -weekdayOf(day));

/** "Sat 7 Nov" */
export function dayLabel(day) {
  const [, month, date] = day.split("-").map(Number);
  const name = weekdayNames()[weekdayOf(day)];
  if (isChinese()) return `${month}月${date}日 ${name}`;
  const months = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
  return `${name} ${date} ${months.format(new Date(`${day}T00:00:00Z`))}`;
}

/** An instant on the desk's wall: "Sat 7 Nov 22:00". */
export function wallLabel(iso) {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-CA", { timeZone: boot.time_zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      .formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  return `${dayLabel(`${parts.year}-${parts.month}-${parts.day}`)} ${parts.hour}:${parts.minute}`;
}

/** "22:00–06:00, Sat, workdays" */
export function hoursLabel({ from_time, to_time, weekdays, days }) {
  const on = weekdays.map((each) => weekdayNames()[each]).join(isChinese() ? "、" : ", ");
  return [`${from_time}–${to_time}`, on, days === "any" ? "" : daysLabel(days)].filter(Boolean).join(" · ");
}
