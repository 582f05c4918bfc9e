// One button above the candidates: offer the incident to all that are suitable within the radius.
import { el, text } from "../core/dom.js";
import { duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { state } from "../core/store.js";
import { sayRadius } from "../sending/radius.js";
import { WITHIN_S, acceptWithinS, keepAcceptWithin, makeOffer } from "./make_offer.js";
import { isOpen } from "./offer_labels.js";

/** As the server asks them: able to come, idle, within the radius. */
const isSuitable = ({ verdict, workload, outside_radius: outside }) => verdict !== "excluded" && !workload.active && !outside;

export class OfferBar {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.making = false;
    this.button = el("button.secondary.offer-all", { type: "button", onclick: () => this.#make() });
    this.within = el("select", { id: "accept-within", "aria-label": _("Time to accept"), title: _("Time to accept"), onchange: () => keepAcceptWithin(Number(this.within.value)) },
      WITHIN_S.map((seconds) => el("option", { value: seconds, selected: seconds === acceptWithinS() }, seconds < 60 ? _("%(n)s s", { n: seconds }) : duration(seconds))));
    this.node = el("div.offer-bar", {}, this.button, this.within);
  }

  /** `candidates`: the newest list, null while there is none. */
  draw(candidates) {
    const offer = state.incidents.get(this.incidentId)?.offer;
    const count = candidates ? candidates.filter(isSuitable).length : 0;
    this.wider = isOpen(offer) ? offer : null;
    this.node.hidden = this.wider !== null && state.radiusM <= (offer.radius_m ?? 0);
    text(this.button, _("Offer to all within %(radius)s (%(n)s)", { radius: sayRadius(state.radiusM), n: count }));
    this.button.disabled = this.making || !count;
    this.button.title = _("All idle crews within the radius are asked at once; the first that accepts has the order");
  }

  async #make() {
    this.making = true;
    this.button.disabled = true;
    await makeOffer(this.incidentId, state.radiusM, this.wider);
    this.making = false;
    this.button.disabled = false;
  }
}
