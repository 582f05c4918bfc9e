// Label of the phone's position: how old, how accurate, or why there is none.
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";

const LOCATION = {
  off: () => _("Position is not sent"),
  insecure: () => _("No position: this page was not opened over https. Ask for the https address."),
  unsupported: () => _("No position: this browser has none."),
  denied: () => _("No position: it is not allowed. Allow location for this site in the browser's settings."),
  searching: () => _("Looking for the position…"),
};

const UNUSED = {
  future: () => _("The desk cannot use this position: its time is wrong. Check the phone's clock."),
  inaccurate: () => _("The desk cannot use this position: it is too inaccurate. Move into the open."),
  outside_ground: () => _("The desk cannot use this position: it is far outside the map."),
  impossible_speed: () => _("The desk cannot use this position: it jumps too far."),
};
const unusedLabel = (code) => (UNUSED[code] ?? (() => _("The desk cannot use this position.")))();

/** How the tracking stands: {words, bad}, bad when the desk does not see the crew where it is. */
export function positionLabel({ last, status, queue, unsent, unused: reason }) {
  const unused = status === "on" && reason ? unusedLabel(reason) : "";
  const bad = Boolean(unused) || status === "insecure" || status === "denied" || status === "unsupported";
  const where = status === "on" && last
    ? _("Position %(age)s old, ± %(metres)s m", { age: age((Date.now() - last.timestamp) / 1000), metres: Math.round(last.accuracy) })
    : LOCATION[status]?.() ?? "";
  const backlog = unsent && queue.length ? _("%(n)s waiting to be sent", { n: queue.length }) : "";
  return { words: [unused, where, backlog].filter(Boolean).join(" · "), bad };
}
