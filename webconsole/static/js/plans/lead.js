// Who leads the work on an incident, where several crews do it together.
import { newKey, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { attempt } from "../incidents/attempt.js";
import { noteToast } from "../widgets/toasts.js";

/** Let a crew lead; who led until now supports, and both are told on their phones. */
export function giveLead(order) {
  const body = { role: "lead", client_id: newKey() };
  return attempt(() => post(`/assignments/${order.id}/role`, body), () => noteToast(_("%(crew)s leads the work now.", { crew: order.crew_name })));
}
