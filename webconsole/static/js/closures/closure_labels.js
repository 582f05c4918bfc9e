// Labels of a closure: kind, state, and from when until when.
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { closureState } from "./closure_state.js";

/** What the map writes on a closure; `plain`: what it is, whatever the time. */
export function closureLabel(closure, { plain = false } = {}) {
  if (!plain && closureState(closure) === "planned") return _("Closed from %(time)s", { time: clock(closure.from_at, { seconds: false }) });
  if (closure.kind === "area") return plain ? _("Area") : _("Area closed");
  if (closure.direction !== "both") return plain ? _("Road, one direction") : _("Closed one way");
  return plain ? _("Road, both directions") : _("Road closed");
}

export function closureStateLabel(closure, code) {
  if (code === "planned") return _("planned");
  if (code === "active") return _("active");
  return closure.lifted_at ? _("lifted") : _("over");
}

/** From when until when, and who said so. */
export function closureWhen(closure) {
  const at = (iso) => clock(iso, { seconds: false });
  const until = closure.until_at ? _("until %(time)s", { time: at(closure.until_at) }) : _("until it is lifted");
  const parts = [_("from %(time)s", { time: at(closure.from_at) }), until, closure.created_by];
  if (closure.lifted_at) parts[1] = _("lifted %(time)s by %(who)s", { time: at(closure.lifted_at), who: closure.lifted_by });
  return parts.join(" · ");
}
