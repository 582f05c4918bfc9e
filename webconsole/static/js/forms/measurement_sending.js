// The one place where a measurement meets what waits to be sent to the desk. What it said is kept beside
// it in words, to be shown until the desk has it.
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";
import { MEASUREMENT } from "../phone/order_steps.js";

const ofOrder = (order, actions) => actions.filter(({ about }) => about.orderId === order.id);
const shown = (state) => ({ clientId, at, about }) => ({ ...about.measured, client_id: clientId, taken_at: at, state });

/** Behind the steps of its order, and before those that come later: an end waits for what was measured. */
export function sendMeasurement(order, form, values, items) {
  const { code, version, name_en, name_zh } = form;
  return outbox.put({
    kind: MEASUREMENT,
    path: `/assignments/${order.id}/measurements`,
    body: { form: code, version, values },
    clock: "occurred_at",
    about: { orderId: order.id, incidentId: order.incident.id, measured: { form: code, name_en, name_zh, items } },
    says: _("Measurement"),
  });
}

/** What of an order the desk does not have: {…, state: "waiting" | "refused"}. */
export const unsentOf = (order) => [
  ...ofOrder(order, outbox.pending(MEASUREMENT)).map(shown("waiting")),
  ...ofOrder(order, outbox.refused(MEASUREMENT)).map(shown("refused")),
];

/** `then(order id)` is called when the desk has one; it stays in `unsentOf` until that has settled. */
export const onMeasurementSent = (then) => outbox.listen(({ sent }) => (sent?.kind === MEASUREMENT ? then(sent.about.orderId) : undefined));
