// The mark of unread messages on an incident: a filled speech bubble and their number.
import { el, svg } from "../core/dom.js";
import { ngettext } from "../core/i18n.js";

/** The mark for an incident; null where nothing is unread. */
export function unreadMark({ unread_from_crews: unread = 0 }) {
  if (!unread) return null;
  const words = ngettext("%(n)s unread message", "%(n)s unread messages", unread);
  return el("span.unread-mark", { title: words },
    svg("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "M1 1h10v7H6l-3 3V8H1z" })),
    el("span", { "aria-hidden": "true" }, String(unread)), el("span.off-screen", {}, words));
}
