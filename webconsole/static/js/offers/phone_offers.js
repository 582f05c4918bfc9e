// What an offer to several crews brings to the crew's page: its screen, which rings, and how it ended.
import { get } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { OfferInbox } from "./offer_inbox.js";
import { grabScreen, offerOverScreen } from "./offer_screen.js";

/** `map`: the page's; `place()`: where the phone is, if it knows; `changed()`: draw anew; `won()`: load the order. */
export function bringOffers(crewId, { map, place, changed, won }) {
  const inbox = new OfferInbox(crewId, { changed, won });
  let screen = null;

  const build = (now) => {
    const { offer } = now;
    if (!now.live) return offerOverScreen(now, { dismiss: () => inbox.dismiss() });
    inbox.see(offer);
    map.showPlace({ ...offer, id: `offer ${offer.id}` }, place());
    return grabScreen(now, { map: map.node, accept: () => inbox.accept(offer), decline: () => inbox.decline(offer) });
  };

  addCrewPart({
    id: "offers",
    order: 40,
    screen: () => {
      const now = inbox.first;
      if (!now) return null;
      const { offer, live, accepting, failed } = now;
      return { key: [offer.id, offer.state, accepting, failed].join(), node: () => (screen = build(now)), ...(live ? { ring: "offer", title: _("Who can go?") } : {}) };
    },
    load: async () => inbox.take((await get(`/crews/${crewId}/offers`)).offers),
    heard: (event) => inbox.heard(event),
    tick: () => {
      const now = inbox.first;
      if (now?.live && screen?.isConnected) {
        screen.parts?.tick();
        map.showPlace({ ...now.offer, id: `offer ${now.offer.id}` }, place());
      } else if (screen) changed(); // it goes by itself
      if (!now) screen = null;
    },
  });
}
