// Steps of orders and confirmed notices, on their way through the outbox: the screen shows at once what
// the server hears later.
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";

/** What an order is after a step that leaves it alive. */
const AFTER = { accept: "accepted", depart: "en_route", arrive: "on_scene" };
const SAYS = {
  accept: () => _("Accept"),
  decline: () => _("Decline"),
  depart: () => _("Depart"),
  arrive: () => _("We are there"),
  complete: () => _("Complete"),
};
export const MEASUREMENT = "measurement";
export const STEPS = Object.keys(SAYS);

const ofOrder = (orderId, actions) => actions.filter(({ about }) => about.orderId === orderId);

/** Take a step with an order. It makes no sense without the one before it. */
export function takeStep(order, action, details = {}) {
  const before = ofOrder(order.id, outbox.waiting(...STEPS)).slice(-1);
  // What has to be measured before the end has to be there before it, too.
  const measured = action === "complete" ? ofOrder(order.id, outbox.waiting(MEASUREMENT)) : [];
  return outbox.put({
    kind: action,
    path: `/assignments/${order.id}/${action}`,
    body: details,
    clock: "occurred_at",
    about: { orderId: order.id, incidentId: order.incident.id },
    after: [...before, ...measured].map(({ clientId }) => clientId),
    says: SAYS[action](),
  });
}

/** A notice was understood, and with it the older ones of its order. */
export function confirmNotice(notice) {
  return outbox.put({
    kind: "understood",
    path: `/notices/${notice.id}/understood`,
    clock: "occurred_at",
    about: { orderId: notice.newest.assignment_id, incidentId: notice.newest.incident_id, noticeId: notice.id },
    says: _("Understood"),
  });
}

/** Orders as they are here and now: the server's state, and the taps it has not heard of yet. */
export function withSteps(orders) {
  const all = outbox.pending(...STEPS);
  return orders
    .map((order) => {
      const steps = ofOrder(order.id, all);
      if (!steps.length) return order;
      const { kind } = steps.at(-1);
      const arrived = steps.find((step) => step.kind === "arrive")?.at;
      const pending = steps.every(outbox.isKept) ? "kept" : "unkept";
      return kind in AFTER ? { ...order, state: AFTER[kind], arrived_at: order.arrived_at ?? arrived, pending } : null;
    })
    .filter(Boolean)
    .sort((a, b) => a.rank - b.rank);
}

/** The orders after the server's answer to a step; the next list may be long in coming. */
export const afterAnswer = (orders, answer) =>
  orders
    .map((order) => (order.id === answer?.id ? { ...order, ...answer, chain: order.chain } : order))
    .filter(({ state }) => state in LIVE);

const LIVE = { offered: true, accepted: true, en_route: true, on_scene: true };
