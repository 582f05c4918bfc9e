// One line in the crew page's menu: what of the city this phone keeps, and what it cannot.
import { el, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on } from "../core/store.js";
import { canKeep } from "../kept/app_update.js";

const MEGA = 1_000_000;

function words({ at, bytes, missing, full }) {
  const size = (bytes / MEGA).toFixed(1);
  if (full) return _("This phone is full: %(size)s MB of the map are kept, some is missing.", { size });
  if (missing) return _("Keeping the map: %(size)s MB so far, %(n)s pieces to come.", { size, n: missing });
  return _("Kept for where there is no signal: %(size)s MB of the map, at %(time)s.", { size, time: clock(new Date(at).toISOString(), { seconds: false }) });
}

/** The line; it follows what `loader` does. */
export function kitLine(loader) {
  const node = el("p.kit-line");
  const draw = () => {
    const kept = loader.state ? words(loader.state) : "";
    const warning = canKeep() ? "" : _("This address is not https: without signal the page cannot be opened anew.");
    text(node, [warning, kept].filter(Boolean).join(" "));
    node.hidden = !node.textContent;
  };
  on("kit", draw);
  draw();
  return node;
}
