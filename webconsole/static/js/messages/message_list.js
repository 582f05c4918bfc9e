// The messages of one incident as a list: own words to the right, the other side's to the left.
import { el, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

/**
 * Write messages into a list, the oldest first.
 *
 * `own(message)`: whether it is this side's. `who(message)` and `below(message)` are the words above
 * and below it. One that waits on a phone has `waiting` and no `id` yet.
 */
export function drawMessages(list, messages, { own, who, below }) {
  keyed(list, messages, {
    // The same row while it waits and once it was sent: nothing jumps.
    key: (message) => message.client_id ?? message.id,
    create: (message) => el("li.bubble", {},
      el("p.message-head", {}, el("time", { datetime: message.written_at }, clock(message.written_at, { seconds: false })), " ", el("span.message-who")),
      el("p.message-words"), el("p.message-below")),
    update: (row, message) => {
      row.className = `bubble ${own(message) ? "own" : "other"}${message.waiting ? " waiting" : ""}`;
      row.dataset.messageId = message.id ?? "";
      text(row.querySelector(".message-who"), who(message));
      text(row.querySelector(".message-words"), message.words || _("Erased: kept long enough"));
      text(row.querySelector(".message-below"), below(message));
    },
  });
}
