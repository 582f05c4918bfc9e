// Words about an offer to several crews: how long it may still be accepted, whom it asks, how it ended.
import { now } from "../core/clock.js";
import { clock, exactDistance, timer, travelTime } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { declineLabel } from "../core/labels.js";

export const isOpen = (offer) => offer?.state === "open";

/** It ended and nobody comes of it. */
export const isUntaken = (offer) => offer?.state === "expired" || offer?.state === "refused";

/** Whether nobody has come of an incident's newest offer, nor was sent since. */
export const isUnanswered = ({ offer, assignments }) =>
  isUntaken(offer) && !assignments.some(({ offered_at }) => Date.parse(offered_at) > Date.parse(offer.ended_at));

const leftS = ({ accept_until: until }) => Math.max(0, (Date.parse(until) - now()) / 1000);

/** Minutes and seconds that are left to accept. */
export const countdown = (offer) => timer(Math.ceil(leftS(offer)));

/** "Offered to 12 crews within 5 km". */
export function askedLabel({ asked, radius_m: radiusM }) {
  return radiusM
    ? ngettext("Offered to %(n)s crew within %(radius)s", "Offered to %(n)s crews within %(radius)s", asked, { radius: exactDistance(radiusM) })
    : ngettext("Offered to %(n)s crew", "Offered to %(n)s crews", asked);
}

/** "5 seen · 1 declined". */
export const answersLabel = ({ seen, declined }) => [_("%(n)s seen", { n: seen }), declined ? _("%(n)s declined", { n: declined }) : ""].filter(Boolean).join(" · ");

export const untakenLabel = ({ state }) => (state === "refused" ? _("All crews declined") : _("Nobody accepted in time"));

const ASKED = {
  asked: () => _("not seen yet"),
  seen: ({ seen_at: at }) => _("seen %(time)s", { time: clock(at) }),
  declined: ({ declined_at: at, reason }) => [_("declined %(time)s", { time: clock(at) }), reason && declineLabel(reason)].filter(Boolean).join(": "),
  accepted: () => _("accepted"),
};

/** How far one of the crews asked is. */
export const crewAnswerLabel = (crew) => ASKED[crew.state](crew);

/** "8 min", from where it was asked, with what it had in hand. */
export const arrivalLabel = ({ travel_time_s: s, free_in_s: freeS }) => (s === null ? "" : travelTime((freeS ?? 0) + s));

/** The alarm about an offer that nobody took; shaped as those about orders are. */
export const UNTAKEN = {
  sound: "trouble",
  since: (incident) => (incident.state !== "resolved" && incident.offer && isUnanswered(incident) ? incident.offer.ended_at : null),
  what: (incident, names) => _("%(what)s: %(incident)s was offered to %(n)s crews", { ...names, what: untakenLabel(incident.offer), n: incident.offer.asked }),
  short: (incident) => untakenLabel(incident.offer),
};

/** What an incident's row says of an offer that is open. */
export const rowLabel = (offer) => [askedLabel(offer), countdown(offer)].join(" · ");

export const sinceLabel = ({ made_by: who, made_at: at }) => _("%(who)s, %(time)s", { who, time: clock(at, { seconds: false }) });

