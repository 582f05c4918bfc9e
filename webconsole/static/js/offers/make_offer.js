// Offering an incident to several crews, and taking that back.
import { newKey, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { emit } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";

const KEPT = "nearcrew-accept-within";

/** How long crews may be given, in seconds. */
export const WITHIN_S = [30, 60, 120, 300];

/** As this desk chose it last. */
export const acceptWithinS = () => {
  const kept = readStored(KEPT, 60);
  return WITHIN_S.includes(kept) ? kept : 60;
};

export const keepAcceptWithin = (seconds) => writeStored(KEPT, seconds);

/** Offer to all suitable crews within a radius; `replaces`: the open offer that this one widens. */
export function makeOffer(incidentId, radiusM, replaces = null) {
  const body = { radius_m: radiusM, accept_within_s: acceptWithinS(), client_id: newKey() };
  if (replaces) body.replaces = replaces.id;
  return attempt(() => post(`/incidents/${incidentId}/offers`, body), () => emit("sent", { incidentId }));
}

export function withdrawOffer(offer) {
  const body = { client_id: newKey() };
  return attempt(() => post(`/offers/${offer.id}/withdraw`, body));
}
