// What this crew is offered together with others. An offer is answered at once or not at all: nothing
// of it waits for a signal. How it ended is kept on the screen for a moment, if it was shown.
import { ApiError, get, newKey, post } from "../core/api.js";
import { secondsSince } from "../core/clock.js";

const OVER_S = 60;
const ENDS = { "offer.taken": "taken", "offer.expired": "expired", "offer.refused": "refused", "offer.withdrawn": "withdrawn", "offer.ended": "ended" };

export class OfferInbox {
  /** `changed()` when another screen is called for; `won()` when the order is this crew's. */
  constructor(crewId, { changed, won }) {
    Object.assign(this, { crewId, changed, won });
    this.offers = [];
    this.shown = new Set();
    this.over = null;
    this.accepting = null;
    this.failed = "";
  }

  /** The server's list: what is open, and what ended a moment ago. */
  take(offers) {
    for (const offer of offers) if (offer.state !== "open" && this.shown.has(offer.id)) this.#end(offer);
    this.offers = offers.filter(({ state }) => state === "open");
  }

  /** An event of the stream; whether it was about an offer, and no order of this crew has changed. */
  heard({ kind, crew_id: crewId, data, at }) {
    if (!kind.startsWith("offer.")) return false;
    if (kind === "offer.made") this.#load();
    const offer = kind in ENDS && this.offers.find(({ id }) => id === data.offer_id);
    if (!offer) return true;
    this.offers = this.offers.filter((each) => each !== offer);
    if (crewId !== this.crewId && this.shown.has(offer.id)) this.#end({ ...offer, state: ENDS[kind], taken_by: data.crew, ended_at: at });
    this.changed();
    return true;
  }

  /** What is to be shown: {offer, live, count, accepting, failed}; null where there is nothing. */
  get first() {
    const [offer] = this.offers;
    if (offer) return { offer, live: true, count: this.offers.length, accepting: this.accepting === offer.id, failed: this.failed };
    if (this.over && secondsSince(this.over.at) > OVER_S) this.over = null;
    return this.over && { offer: this.over, live: false, count: 1, accepting: false, failed: "" };
  }

  /** It is on the screen: the desk is told once. */
  see(offer) {
    if (this.shown.has(offer.id)) return;
    this.shown.add(offer.id);
    post(`/offers/${offer.id}/seen`).catch(() => {}); // of no use later
  }

  async accept(offer) {
    if (this.accepting !== null) return;
    this.accepting = offer.id;
    this.failed = "";
    this.key = this.key?.id === offer.id ? this.key : { id: offer.id, name: newKey() };
    this.changed();
    try {
      await post(`/offers/${offer.id}/accept`, { client_id: this.key.name });
      this.offers = this.offers.filter(({ id }) => id !== offer.id);
      await this.won();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refused(offer, error);
    } finally {
      this.accepting = null;
      this.changed();
    }
  }

  async decline(offer) {
    this.offers = this.offers.filter(({ id }) => id !== offer.id);
    this.failed = "";
    this.changed();
    try {
      await post(`/offers/${offer.id}/decline`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // it ends by itself
    }
  }

  dismiss() {
    this.over = null;
    this.changed();
  }

  #refused(offer, error) {
    const { code, problem } = error;
    if (code !== "offer_taken" && code !== "offer_over") {
      this.failed = error.message;
      return;
    }
    this.offers = this.offers.filter(({ id }) => id !== offer.id);
    this.#end({ ...offer, state: code === "offer_taken" ? "taken" : problem.state, taken_by: problem.by });
  }

  #end(offer) {
    if (this.over?.id === offer.id || this.dismissed === offer.id) return;
    this.dismissed = offer.id; // told once, whichever way it was heard
    this.failed = "";
    this.over = { ...offer, at: offer.ended_at ?? new Date().toISOString() };
  }

  async #load() {
    try {
      const { offers } = await get(`/crews/${this.crewId}/offers`);
      this.take(offers);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // asked again with everything else
    }
    this.changed();
  }
}
