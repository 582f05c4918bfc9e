// Tells that the server could not read an entry of its log: what that changed is not on the board.
import { _ } from "../core/i18n.js";
import { noteToast } from "../widgets/toasts.js";
import { reload } from "./loading.js";

export const UNREADABLE = "log.unreadable";
const SHOWN_S = 60;

export function tellUnreadable(number) {
  noteToast(_("One entry of the log (no. %(number)s) could not be read. Load everything again to see what it changed.", { number }), {
    seconds: SHOWN_S,
    choices: [{ label: _("Load again"), act: reload }],
  });
}
