// The crew's duty as it is here and now: the server's word, and what was tapped that it has not heard.
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";

const SAYS = {
  on_duty: () => _("On duty"),
  on_break: () => _("On break"),
  off_duty: () => _("Off duty"),
};

/** Go on duty, on a break or off duty: from now on, whenever the server hears of it. The newest word counts. */
export function tellDuty(crewId, duty) {
  return outbox.put({
    kind: "duty",
    method: "PUT",
    path: `/crews/${crewId}/duty`,
    body: { duty },
    clock: "occurred_at",
    says: SAYS[duty](),
  });
}

/** The crew with its duty of this moment; null while nothing is known of it. */
export function withDuty(crew) {
  const last = outbox.pending("duty").at(-1);
  return crew && last ? { ...crew, duty: last.body.duty } : crew;
}
