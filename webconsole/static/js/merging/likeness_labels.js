// Why two reports may be about the same, in words.
import { secondsSince } from "../core/clock.js";
import { distance, duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { say } from "../core/labels.js";

const WHY = {
  same_main: () => _("same main"),
  same_address: () => _("same address"),
  same_street: () => _("same street"),
  same_kind: () => _("same kind"),
  same_utility: () => _("same utility"),
};

export const awayLabel = (metres) => (metres < 10 ? _("at the same place") : _("%(distance)s away", { distance: distance(metres) }));

/** How far, how long ago, and what else the two share: one short phrase each. */
export function whyLabels({ incident, distance_m: awayM, reasons = [] }) {
  const shared = reasons
    .filter(({ code }) => Object.hasOwn(WHY, code))
    .map(({ code, detail }) => (detail ? _("%(what)s: %(why)s", { what: say(WHY, code), why: detail }) : say(WHY, code)));
  return [awayLabel(awayM), _("%(age)s ago", { age: duration(secondsSince(incident.reported_at)) }), ...shared];
}
