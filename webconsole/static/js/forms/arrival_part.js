// "Have you arrived?": asked when a crew on its way is at the place, answered by one tap; never assumed.
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { coordinates } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { emit } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { takeStep } from "../phone/order_steps.js";
import { afterFix, afterNotYet, beginning } from "./arrival_rules.js";

export function bringArrival({ orders, place }) {
  let known = beginning;
  let orderId = null;
  const driving = () => orders().find(({ state }) => state === "en_route") ?? null;

  function look() {
    const order = driving();
    if (order?.id !== orderId) {
      orderId = order?.id ?? null;
      known = beginning;
    }
    const fix = place();
    if (!order || !fix) return;
    const before = known.asks;
    known = afterFix(known, fix, order.incident, boot.arrive_radius_m);
    if (before !== known.asks) emit("crew-part");
  }

  const screen = (order) => el("div.screen.arrival-screen", {},
    el("div.middle", {}, el("h2.huge", {}, _("Have you arrived?")),
      el("p.kind-line", {}, incidentTitle(order.incident)),
      el("p.address", {}, order.incident.address || coordinates(order.incident.lon, order.incident.lat))),
    el("div.actions", {},
      el("button.big.go", { type: "button", onclick: () => {
        known = beginning;
        const at = place();
        takeStep(order, "arrive", at ? { lon: at.lon, lat: at.lat } : {});
      } }, _("Yes, we are there")),
      el("button.big", { type: "button", onclick: () => {
        known = afterNotYet(known);
        emit("crew-part");
      } }, _("Not yet"))));

  addCrewPart({
    id: "arrival",
    order: 55,
    screen: () => {
      const order = driving();
      return order && order.id === orderId && known.asks ? { key: String(order.id), node: () => screen(order) } : null;
    },
    tick: look,
  });
}
