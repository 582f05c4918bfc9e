// Signs of life and calls of a crew on their way through the outbox. They do not wait behind the steps of
// orders, and an SOS waits behind nothing.
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";

const SAYS = {
  "check-in": () => _("We are all right"),
  sos: () => "SOS",
  "need-help": () => _("We need help"),
};
export const CALLS = Object.keys(SAYS);

/** `what`: check-in, sos or need-help. */
export function tellSafety(crewId, what, details = {}) {
  return outbox.put({ kind: what, path: `/crews/${crewId}/${what}`, body: details, clock: "occurred_at", says: SAYS[what]() });
}

/** What of a kind the server does not have yet: {body}, with the time of the tap in it. */
export const safetyPending = (what) => outbox.pending(what).map(({ body, at }) => ({ body: { ...body, occurred_at: at } }));
