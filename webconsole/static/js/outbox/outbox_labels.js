// What the outbox says of its actions, in words.
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { stoppedBy } from "./action_rules.js";

/** What an action is, and of which incident. */
export const actionTitle = ({ says, about }) => [says, about.incidentId ? `#${about.incidentId}` : ""].filter(Boolean).join(" · ");

/** How it stands: {state: "sending"|"waiting"|"unkept"|"refused"|"stopped", words}. */
export function actionState(action, outbox) {
  if (action.state === "refused") return { state: "refused", words: _("Refused: %(why)s", { why: action.why.message }) };
  const stopper = stoppedBy(action, outbox.actions);
  if (stopper) return { state: "stopped", words: _("Not sent: “%(before)s” before it was refused", { before: actionTitle(stopper) }) };
  if (outbox.sending.has(action.clientId)) return { state: "sending", words: _("Being sent") };
  if (!outbox.isKept(action)) return { state: "unkept", words: _("Not kept yet, waits on this page") };
  return { state: "waiting", words: _("Kept here, waits to be sent") };
}

/** The line in the foot: how many, and since when. */
export function unsentLine(actions, nowMs) {
  const oldestS = Math.max(0, (nowMs - Math.min(...actions.map(({ at }) => Date.parse(at)))) / 1000);
  return _("%(n)s not sent yet, oldest %(age)s", { n: actions.length, age: age(oldestS) });
}

/** What is wrong with this phone's storage, or "". */
export function troubleWords(trouble, n) {
  if (!trouble || !n) return "";
  return trouble === "full"
    ? _("The storage of this phone is full: not kept: %(n)s. Leave this page open and make room. It is sent from here as soon as there is a connection.", { n })
    : _("This browser keeps nothing: not kept: %(n)s. Leave this page open. It is sent from here as soon as there is a connection.", { n });
}
