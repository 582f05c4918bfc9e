// How a way to a crew stands, in a word and a shape, and what was last sent by it.
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { failureLabel } from "../core/labels.js";

const served = (table, code) => (boot.labels[table]?.[code] ? _(boot.labels[table][code]) : String(code ?? ""));
export const channelLabel = (code) => served("delivery_channel", code);
export const gatewayKindLabel = (code) => served("gateway_kind", code);

const SHOWN = {
  works: { shape: "✓", word: () => _("works") },
  open: { shape: "✓", word: () => _("open, rings") },
  closed: { shape: "○", word: () => _("closed or mute") },
  failed: { shape: "✕", word: () => _("failed") },
  unconfirmed: { shape: "△", word: () => _("handed over, not confirmed") },
  waiting: { shape: "…", word: () => _("rings now") },
  untried: { shape: "○", word: () => _("never tried") },
  unopened: { shape: "○", word: () => _("page never opened") },
};

/** What a way is: a key of `SHOWN`. The page is no way that fails: it is open, or it is not. */
export function standing({ channel, works, last_test: test, last_real: real }) {
  if (channel === "page") {
    if (test?.state === "queued") return "waiting";
    if (works) return "open";
    return works === null ? "unopened" : "closed";
  }
  if (works === false) return "failed";
  if (works) return "works";
  return [test, real].some((each) => each?.state === "sent") ? "unconfirmed" : "untried";
}

export const standingShape = (key) => SHOWN[key].shape;

/** "failed: no answer in time" where it is known why. */
export function standingLabel(way) {
  const key = standing(way);
  if (key !== "failed" || !way.failure) return SHOWN[key].word();
  return _("%(what)s: %(why)s", { what: SHOWN[key].word(), why: failureLabel(way.failure) });
}

/** "Test ring 4 min ago: Answered"; `delivery` is the last of its sort. */
export function lastLabel({ purpose, requested_at, state, failure }) {
  const became = state === "failed" && failure ? failureLabel(failure) : served("delivery_state", state);
  return _("%(what)s %(age)s ago: %(state)s", { what: served("delivery_purpose", purpose), age: age(secondsSince(requested_at)), state: became });
}

/** How many crews on duty are told with their page closed: the number that counts at night. */
export function reachedOutside(crews) {
  const onDuty = crews.filter((crew) => crew.duty === "on_duty");
  const told = onDuty.filter((crew) => crew.channels.some((way) => way.channel !== "page" && way.works));
  return { told: told.length, of: onDuty.length };
}
