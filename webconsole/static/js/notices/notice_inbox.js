// What this crew has yet to confirm. Confirmed here, a notice is gone from the screen at once; that it
// was reaches the server with the steps of the orders, when there is signal.
import { gathered } from "./notice_labels.js";

const AT_ONCE = new Set(["cancelled", "recalled", "interrupted"]);

export class NoticeInbox {
  constructor(outbox) {
    this.outbox = outbox;
    this.told = [];
  }

  /** The server's list. */
  take(notices) {
    this.told = notices;
  }

  /** The first to be shown, and how many there are: {notice, count}. */
  get first() {
    const upTo = (notice) => this.outbox.steps.some((step) => step.noticeId >= notice.id && step.assignment === notice.assignment_id);
    const open = gathered(this.told.filter((notice) => !upTo(notice)));
    return { notice: open[0] ?? null, count: open.length };
  }

  /** How it rings: an order that only waits behind another can wait. */
  static ring(notice) {
    return notice.newest.rank > 0 && !AT_ONCE.has(notice.kind) ? "soft" : "notice";
  }

  understood(notice) {
    this.outbox.confirm(notice.id, notice.newest.assignment_id);
  }
}
