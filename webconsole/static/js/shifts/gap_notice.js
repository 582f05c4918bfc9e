// Tells the desk, the day before, where too few crews are planned.
import { ApiError, get } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { el, fill } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { on } from "../core/store.js";
import { gapSentence } from "./gap_list.js";

const AGAIN_MS = 3600_000;
const SEEN = "nearcrew-gaps-seen";
const KINDS = ["staffing.gaps_found", "staffing_rule.changed", "rotation.changed", "shift.added", "shift.changed", "shift.cancelled", "swap.decided"];

/** `node` is the region of the alarms; this is the last in it, and makes no sound. */
export function gapNotice(node) {
  const list = el("ul.safety-calls.gap-notice");
  node.append(list);
  let askedMs = -Infinity;

  function draw(gaps) {
    const key = gaps.map((gap) => `${gap.rule_id} ${gap.begins_at} ${gap.have}`).join("|");
    if (!gaps.length || readStored(SEEN, "") === key) return fill(list);
    const more = gaps.length - 1;
    const close = () => {
      writeStored(SEEN, key);
      fill(list);
    };
    return fill(list, el("li.safety-call", {}, el("span.badge", {}, _("Rota")),
      el("span.what", {}, _("Too few crews: %(gap)s", { gap: gapSentence(gaps[0]) }), more ? el("span.known", {}, ngettext("and %(n)s more", "and %(n)s more", more)) : null),
      el("span.actions", {}, el("a.button-link", { href: "/shifts" }, _("Shifts")), el("button.quiet.icon", { type: "button", "aria-label": _("Seen: hide it"), onclick: close }, "×"))));
  }

  async function load() {
    askedMs = Date.now();
    try {
      const { gaps } = await get("/staffing-gaps?days=1");
      draw(gaps);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  load();
  on("event", ({ kind }) => KINDS.includes(kind) && load());
  on("slow", () => Date.now() - askedMs >= AGAIN_MS && load());
}
