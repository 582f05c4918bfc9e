// Labels of tickets: a day, how a ticket stands, and how long it is still valid.
import { boot } from "../core/boot.js";
import { _, isChinese, ngettext } from "../core/i18n.js";

/** A local day as people write it; days have no zone, so none is applied. */
export function dayLabel(iso) {
  if (!iso) return "";
  const [year, month, day] = iso.split("-").map(Number);
  return new Date(year, month - 1, day).toLocaleDateString(isChinese() ? "zh-CN" : "en-GB", { year: "numeric", month: "short", day: "numeric" });
}

export const ticketStateLabel = (code) => _(boot.labels.ticket_state?.[code] ?? String(code));

const SIGN = { valid: "●", expires_soon: "◐", not_yet: "○", expired: "✕", withdrawn: "✕" };
export const ticketSign = (code) => SIGN[code] ?? "";

/** "expires 30 Nov 2026, in 12 days"; empty for one that is simply valid. */
export function expiryLabel({ state, valid_until: until, days_left: left }) {
  if (state === "expired") return _("expired on %(day)s", { day: dayLabel(until) });
  if (state === "withdrawn") return _("withdrawn");
  if (state !== "expires_soon") return "";
  if (left === 0) return _("expires today");
  return ngettext("expires on %(day)s, in %(n)s day", "expires on %(day)s, in %(n)s days", left, { day: dayLabel(until) });
}

/** Why a crew lacks a skill: "Gas: ticket expired on 30 Nov 2026". */
export function lapseLabel(skill, { how, day }) {
  if (how === "withdrawn") return _("%(skill)s ticket withdrawn on %(day)s", { skill, day: dayLabel(day) });
  return _("%(skill)s ticket expired on %(day)s", { skill, day: dayLabel(day) });
}
