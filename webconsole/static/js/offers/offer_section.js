// The newest offer of an incident in its panel: while it is open who was asked, has seen it, declined,
// and how long there is left; when nobody took it, what to do next, one click each.
import { ApiError, get } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { sayRadius } from "../sending/radius.js";
import { send } from "../sending/send.js";
import { makeOffer, withdrawOffer } from "./make_offer.js";
import { answersLabel, arrivalLabel, askedLabel, countdown, crewAnswerLabel, isOpen, isUnanswered, sinceLabel, untakenLabel } from "./offer_labels.js";

const WIDER = 2;
const MOST_M = 100000;
const SOON_MS = 300; // many crews see an offer within one second

class OfferSection {
  constructor(incidentId) {
    this.id = incidentId;
    this.crews = [];
    this.shown = null;
    this.what = el("b.what");
    this.left = el("time.left", { role: "timer" });
    this.facts = el("p.facts");
    this.acts = el("div.acts");
    this.list = el("ul.asked", { "aria-label": _("Crews asked") });
    this.node = el("div.offer", {}, el("div.head", {}, this.what, this.left), this.facts, this.acts, this.list);
    this.stops = [
      on("tick", () => this.#tick()),
      on("event", ({ kind, incident_id: id }) => id === this.id && kind.startsWith("offer.") && this.#soon()),
      on("candidates", () => this.#drawActs()),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
    this.closed = true;
  }

  update({ offer }) {
    const changed = this.shown?.id !== offer.id;
    this.shown = offer;
    this.node.dataset.state = offer.state;
    text(this.what, isOpen(offer) ? askedLabel(offer) : untakenLabel(offer));
    this.left.hidden = !isOpen(offer);
    text(this.facts, isOpen(offer) ? [answersLabel(offer), sinceLabel(offer)].join(" · ") : [askedLabel(offer), answersLabel(offer)].join(" · "));
    this.#drawActs();
    this.#tick();
    if (changed) this.#load();
  }

  #drawActs() {
    const offer = this.shown;
    if (!offer) return;
    const best = state.candidates?.candidates.find(({ verdict }) => verdict === "recommended");
    const wider = Math.min(MOST_M, (offer.radius_m ?? state.radiusM) * WIDER);
    const look = `${offer.id} ${offer.state} ${best?.crew_id} ${wider}`;
    if (this.acts.dataset.look === look) return;
    this.acts.dataset.look = look;
    const button = (kind, label, act) => el(`button.${kind}`, { type: "button", onclick: async ({ currentTarget }) => {
      currentTarget.disabled = true;
      await act();
      currentTarget.disabled = false;
    } }, label);
    const widen = button("primary", _("Offer within %(radius)s", { radius: sayRadius(wider) }), () => makeOffer(this.id, wider, isOpen(offer) ? offer : null));
    widen.className = isOpen(offer) ? "secondary" : "primary";
    const go = best && button("secondary", _("Send %(crew)s (%(time)s)", { crew: best.crew_name, time: arrivalLabel(best) || "?" }), () => this.#send(best));
    fill(this.acts, isOpen(offer) ? [button("secondary", _("Withdraw offer"), () => withdrawOffer(offer)), widen] : [widen, go]);
  }

  #send({ crew_id: id, crew_name: name }) {
    const incident = state.incidents.get(this.id);
    return send(incident, { id, name }, { expectedVersion: incident.version });
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#load(), SOON_MS);
  }

  async #load() {
    try {
      const { offers } = await get(`/offers?incident_id=${this.id}&limit=1`);
      if (this.closed || !offers.length) return;
      this.crews = offers[0].crews;
      this.#drawCrews();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the numbers above are the stream's
    }
  }

  #drawCrews() {
    keyed(this.list, this.crews, {
      key: (crew) => crew.crew_id,
      create: () => {
        const parts = { name: el("span.name"), when: el("span.when"), said: el("span.said") };
        return Object.assign(el("li", {}, parts.when, parts.name, parts.said), { parts });
      },
      update: ({ parts, dataset }, crew) => {
        dataset.state = crew.state;
        text(parts.when, arrivalLabel(crew));
        text(parts.name, crew.crew_name);
        text(parts.said, crewAnswerLabel(crew));
      },
    });
  }

  #tick() {
    if (isOpen(this.shown)) text(this.left, countdown(this.shown));
  }
}

addIncidentSection({
  id: "offer",
  needs: "assignment.send",
  order: 9,
  title: () => _("Offer to several crews"),
  kept: false,
  when: (incident) => isOpen(incident.offer) || isUnanswered(incident),
  calls: ({ offer }) => offer?.id ?? 0,
  count: ({ offer }) => offer?.asked ?? null,
  make: (id) => new OfferSection(id),
});
