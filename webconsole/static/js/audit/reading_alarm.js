// Tells a supervisor that somebody read so many callers' numbers that the server stopped it.
import { _ } from "../core/i18n.js";
import { noteToast } from "../widgets/toasts.js";

export const READING_BLOCKED = "reading.blocked";
const SHOWN_S = 600;

/** `data`: of the event; the server sends it to those only who may look into it. */
export function tellReadingBlocked({ display_name: who, records }) {
  noteToast(_("%(who)s has looked up %(records)s callers' numbers in a short time and is blocked from more.", { who, records }), {
    seconds: SHOWN_S,
    choices: [{ label: _("Look into it"), act: () => window.open("/audit", "_blank", "noopener") }],
  });
}
