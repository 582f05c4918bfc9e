// Whether a crew can be reached, as a word and as a small badge: for candidates, crew panel and list.
import { secondsSince } from "../core/clock.js";
import { el, fill, svg, text } from "../core/dom.js";
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";

const CHANNEL = {
  page: { word: () => _("reachable"), told: () => _("Its page is open: an order rings") },
  push: { word: () => _("reachable"), told: () => _("An order is pushed to its phone") },
  gateway: { word: () => _("reachable"), told: () => _("An order reaches it by SMS, call or chat") },
  page_mute: { word: () => _("phone is mute"), told: () => _("Its page is open, but the browser keeps it silent: nothing rings") },
  tracker: { word: () => _("tracker only"), told: () => _("It is seen, but nothing can be told to it: call it by radio") },
};

const best = (reachable) => CHANNEL[reachable?.channels?.[0]] ? reachable.channels[0] : "none";

/** Whether an order would ring at the crew. */
export const isReached = (reachable) => ["page", "push", "gateway"].includes(best(reachable));

/** How the crew can be reached: "reachable", "phone is mute", "no sign of its page for 46 s". */
export function reachLabel(reachable) {
  const channel = best(reachable);
  if (channel !== "none") return CHANNEL[channel].word();
  return reachable?.since ? _("no sign of its page for %(age)s", { age: age(secondsSince(reachable.since)) }) : _("page never opened");
}

// A telephone; waves when it rings, crossed out when it is silent or gone.
const PHONE = "M4.5 1.5h5a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM6 12.5h2";
const SIGN = {
  page: "M12.5 4.5a4 4 0 0 1 0 5M14.5 3a6.5 6.5 0 0 1 0 8",
  push: "M12.5 4.5a4 4 0 0 1 0 5M14.5 3a6.5 6.5 0 0 1 0 8",
  gateway: "M12.5 4.5a4 4 0 0 1 0 5M14.5 3a6.5 6.5 0 0 1 0 8",
  page_mute: "M12 5.5l3 4M15 5.5l-3 4",
  tracker: "M1 15 14 1",
  none: "M1 15 14 1",
};

/** The badge of a crew; `drawReach` keeps it current. */
export function reachBadge(reachable) {
  const badge = el("span.reach-badge", {}, el("span.reach-sign", { "aria-hidden": "true" }), el("span.reach-word"));
  drawReach(badge, reachable);
  return badge;
}

export function drawReach(badge, reachable) {
  const channel = best(reachable);
  if (badge.dataset.reach !== channel) {
    badge.dataset.reach = channel;
    badge.title = CHANNEL[channel]?.told() ?? _("No order reaches it: call it by radio");
    fill(badge.firstChild, svg("svg", { viewBox: "0 0 16 16" }, svg("path", { d: `${PHONE}${SIGN[channel]}` })));
  }
  text(badge.lastChild, reachLabel(reachable));
}
