// Words for cover and move-ups: the same at the desk and on the crew's page.
import { _, isChinese } from "../core/i18n.js";
import { say } from "../core/labels.js";

const QUARTER = {
  "south-west": () => _("the south-west"),
  south: () => _("the south"),
  "south-east": () => _("the south-east"),
  west: () => _("the west"),
  centre: () => _("the centre"),
  east: () => _("the east"),
  "north-west": () => _("the north-west"),
  north: () => _("the north"),
  "north-east": () => _("the north-east"),
};

/** The name of an area {kind, name, name_zh}. */
export function areaName({ kind, name, name_zh: chinese }) {
  if (kind === "quarter") return say(QUARTER, name);
  return (isChinese() && chinese) || name;
}

/** "10-min cover of Harbour 94 → 81 %". */
export const coverWords = ({ area, before_pct: before, after_pct: after }, withinS) =>
  _("%(n)s-min cover of %(area)s %(before)s → %(after)s %", { n: Math.round(withinS / 60), area: areaName(area), before, after });
