// The screens of an offer on a crew's phone: what it is, how far, how long there is; then who has it.
import { el, text } from "../core/dom.js";
import { straightDistance, travelTime } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { incidentTitle, priorityLabel } from "../core/labels.js";
import { countdown } from "./offer_labels.js";

const OVER = {
  taken: ({ taken_by: crew }) => (crew ? _("Taken by %(crew)s", { crew }) : _("The offer is over")),
  expired: () => _("Nobody accepted in time"),
  refused: () => _("The offer is over"),
  withdrawn: () => _("The desk withdrew the offer"),
  ended: () => _("The offer is over"),
};

const titleOf = ({ kind, incident_id: id }) => incidentTitle({ kind, id });

export function grabScreen({ offer, accepting, failed }, { map, accept, decline }) {
  const left = el("time.ringing-for", {}, countdown(offer));
  const others = offer.asked - 1;
  const go = el("button.big.go", { type: "button", disabled: accepting, onclick: accept }, accepting ? _("Accepting…") : _("Accept"));
  const screen = el(
    "div.screen.offer-screen.grab-screen",
    { data: { offer: offer.id } },
    el("div.ring-line", { role: "alert" }, el("b", {}, _("Who can go?")), left),
    el("div.map-slot", {}, map),
    el("div.middle", {},
      el("p.kind-line", {}, el(`span.priority.p-${offer.priority}`, {}, `P${offer.priority}`), el("span.priority-word", {}, priorityLabel(offer.priority))),
      el("h2.title", {}, titleOf(offer)),
      offer.address ? el("p.address", {}, offer.address) : null,
      el("p.way", {}, offer.travel_time_s === null ? null : el("b", {}, _("%(time)s by road", { time: travelTime(offer.travel_time_s) })), " ", straightDistance(offer.distance_m)),
      offer.busy ? el("p.told", {}, _("Comes after your present order.")) : null,
      el("p.told", {}, others ? ngettext("Asked with %(n)s other crew: the first to accept goes.", "Asked with %(n)s other crews: the first to accept goes.", others) : _("Only you are asked.")),
      failed ? el("p.refused", { role: "alert" }, failed) : null),
    el("div.actions", {}, go, el("button.big", { type: "button", disabled: accepting, onclick: decline }, _("We cannot"))),
  );
  screen.parts = { tick: () => text(left, countdown(offer)) };
  return screen;
}

export function offerOverScreen({ offer }, { dismiss }) {
  return el(
    "div.screen.offer-over",
    { data: { state: offer.state } },
    el("div.middle", {}, el("h2.huge", { role: "alert" }, OVER[offer.state](offer)), el("p.address", {}, titleOf(offer), offer.address ? ` · ${offer.address}` : ""),
      el("p.told", {}, _("Nothing to do for you."))),
    el("div.actions", {}, el("button.big", { type: "button", onclick: dismiss }, _("OK"))),
  );
}
