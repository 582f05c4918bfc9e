// Alarm about an order whose crew measured something beyond an alarm limit.
import { _ } from "../core/i18n.js";
import { itemsWords } from "./form_labels.js";

const measured = ({ breach }) => (breach ? itemsWords(breach.items) : "");

export const LIMIT_EXCEEDED = {
  sound: "emergency",
  since: (order) => (order.breach && !order.ended_at ? order.breach.at : null),
  what: (order, names) => _("%(crew)s measured beyond the alarm limit (%(measured)s): %(incident)s", { ...names, measured: measured(order) }),
  short: (order) => _("beyond the alarm limit: %(measured)s", { measured: measured(order) }),
};
