// What this crew has yet to confirm. Confirmed here, a notice is gone from the screen at once; that it
// was reaches the server with the steps of the orders, when there is signal.
import { outbox } from "../outbox/outbox.js";
import { confirmNotice } from "../phone/order_steps.js";
import { gathered } from "./notice_labels.js";

/** With a notice the older ones of its order were understood. */
const covers = ({ about }, notice) => about.noticeId >= notice.id && about.orderId === notice.assignment_id;
const AT_ONCE = new Set(["cancelled", "recalled", "interrupted"]);

export class NoticeInbox {
  constructor() {
    this.told = [];
    outbox.listen(({ sent }) => {
      if (sent?.kind === "understood") this.told = this.told.filter((notice) => !covers(sent, notice));
    });
  }

  /** The server's list. */
  take(notices) {
    this.told = notices;
  }

  /** The first to be shown, and how many there are: {notice, count}. */
  get first() {
    const confirmed = outbox.pending("understood");
    const open = gathered(this.told.filter((notice) => !confirmed.some((each) => covers(each, notice))));
    return { notice: open[0] ?? null, count: open.length };
  }

  /** How it rings: an order that only waits behind another can wait. */
  static ring(notice) {
    return notice.newest.rank > 0 && !AT_ONCE.has(notice.kind) ? "soft" : "notice";
  }

  understood(notice) {
    confirmNotice(notice);
  }
}
