// The alarm about a crew that does not confirm what it was told: it may still be driving to where
// nobody needs it, or know nothing of the danger there.
import { secondsSince } from "../core/clock.js";
import { _ } from "../core/i18n.js";
import { isUnconfirmed } from "./notice_line.js";

const CONFIRM_WITHIN_S = 60;
const SENTENCE = {
  recalled: (names) => _("%(crew)s has not confirmed the recall: %(incident)s", names),
  cancelled: (names) => _("%(crew)s has not confirmed that it is cancelled: %(incident)s", names),
  interrupted: (names) => _("%(crew)s has not confirmed the interruption: %(incident)s", names),
  changed: (names) => _("%(crew)s has not confirmed the change: %(incident)s", names),
};

/**
 * A kind of alarm: `since(order)`, since when it is one, null while it is none; `what(order, names)`,
 * the sentence; `short()`, the same beside the crew's name; `sound`, which of the news.
 */
export const UNCONFIRMED = {
  sound: "unanswered",
  since: ({ notice }) => (isUnconfirmed(notice) && notice.kind in SENTENCE && secondsSince(notice.made_at) >= CONFIRM_WITHIN_S ? notice.made_at : null),
  what: ({ notice }, names) => SENTENCE[notice.kind](names),
  short: () => _("not confirmed"),
};
