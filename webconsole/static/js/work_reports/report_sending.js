// Sending the customer the link to an order's report, once; the same at the desk and on the phone.
import { ApiError, get, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

/** A link to the report of a completed order; `look`: how it looks, such as ".big". */
export const reportLink = (orderId, look = "") =>
  el(`a${look}`, { href: `/api/v1/assignments/${orderId}/work-report?language=${boot.locale}`, target: "_blank", rel: "noopener" }, _("Report (PDF)"));

/** A link that opens the report, and a button that sends it where that is possible. */
export class ReportSending {
  /** `look`: how buttons look, such as "big". */
  constructor(orderId, { look }) {
    this.path = `/assignments/${orderId}/work-report`;
    this.key = newKey();
    this.send = el(`button.${look}`, { type: "button", hidden: true, onclick: () => this.#send() }, _("Send to customer"));
    this.said = el("p.record-count", { role: "status" });
    this.error = el("p.form-error", { role: "alert" });
    this.node = el("div.report-sending", {},
      reportLink(orderId, `.${look}.button-like`), this.send, this.said, this.error);
  }

  async load() {
    try {
      this.#draw(await get(`${this.path}/status`));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // shown again with the next event
    }
  }

  async #send() {
    this.send.disabled = true;
    text(this.error, "");
    try {
      this.#draw(await post(`${this.path}/sending`, { language: boot.locale, client_id: this.key }));
      this.key = newKey();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.error, error.message);
      this.load();
    } finally {
      this.send.disabled = false;
    }
  }

  #draw({ can_be_sent: canBeSent, requested_by: by, sent_at: sentAt, failure, link_opened_count: opened }) {
    this.send.hidden = !canBeSent;
    const words = [];
    if (failure) words.push(_("It could not be sent to the customer."));
    else if (sentAt) words.push(_("Sent to the customer at %(time)s", { time: clock(sentAt, { seconds: false }) }), opened ? _("opened: %(n)s", { n: opened }) : "");
    else if (by) words.push(_("Being sent to the customer"));
    fill(this.said, words.filter(Boolean).join(" · "));
  }
}
