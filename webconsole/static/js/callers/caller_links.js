// Under each report of an incident: the link by which its caller follows the case, and what the caller
// said there. A link is shown once, when it is made: nobody can look it up later.
import { ApiError, post } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { clock, coordinates } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { failureLabel } from "../core/labels.js";
import { Entries } from "../records/entry_list.js";
import { copyButton } from "../widgets/copy_button.js";
import { smsLabel } from "./caller_labels.js";

const KINDS = ["caller.link_made", "caller.link_revoked", "caller.link_failed", "caller.placed", "caller.rated"];
const hour = (at) => clock(at, { seconds: false });

/** In groups, as it is read out: what is typed may have them or not. */
const grouped = (link) => link.replace(/[^/]+$/, (token) => token.match(/.{1,5}/g).join("-"));

function sent({ sms_state: state, sms_failure: failure, sms_at: at }) {
  if (state === "none") return "";
  const why = failure ? ` (${failureLabel(failure)})` : "";
  const said = _("SMS: %(state)s", { state: smsLabel(state) });
  return `${said}${why}${at ? ` ${hour(at)}` : ""}`;
}

function opened({ links, opened_count: times, last_opened_at: at }) {
  if (!links) return _("the link leads nowhere any more");
  return times ? ngettext("opened %(n)s time", "opened %(n)s times", times) + _(", last at %(time)s", { time: hour(at) }) : _("not opened yet");
}

function place({ place: found }) {
  if (!found) return null;
  const point = found.lon === null ? "" : coordinates(found.lon, found.lat);
  return el("p.entry-words", {}, el("b", {}, _("The caller is here")), ` ${hour(found.said_at)} · ${[found.words, point].filter(Boolean).join(" · ")}`, point ? copyButton(_("Copy the coordinates"), () => point) : null);
}

function rating({ rating: marks, rating_words: words, call_back_asked_at: asked }) {
  const parts = [marks ? _("%(n)s of 5", { n: marks }) : "", words, asked ? _("asks to be called") : ""].filter(Boolean);
  return parts.length ? el("p.entry-words", {}, el("b", {}, _("The caller says")), ` ${parts.join(" · ")}`) : null;
}

class ReportLink {
  constructor(incidentId, report) {
    this.path = `/incidents/${incidentId}/reports/${report.id}/caller-link`;
    this.hasPhone = Boolean(report.caller_phone);
    this.told = el("div");
    this.link = el("p.exact", { role: "status" });
    this.failed = el("p.form-error", { role: "alert" });
    this.send = this.hasPhone ? el("button.quiet.small", { type: "button", onclick: () => this.#make(true) }) : null;
    this.show = el("button.quiet.small", { type: "button", onclick: () => this.#make(false) }, _("Link to read out"));
    this.revoke = el("button.quiet.small", { type: "button", hidden: true, onclick: () => this.#revoke() }, _("Revoke the link"));
    this.node = el("div.caller-link", {}, this.told, el("p", {}, this.send, this.show, this.revoke), this.link, this.failed);
    this.draw(null);
  }

  draw(page) {
    fill(this.told, page ? [el("p.hint", {}, [sent(page), opened(page)].filter(Boolean).join(" · ")), place(page), rating(page)] : []);
    if (this.send) text(this.send, page && page.sms_state !== "none" ? _("Send the link again") : _("Send link to the caller"));
    this.revoke.hidden = !page?.links;
  }

  async #do(act) {
    text(this.failed, "");
    for (const button of [this.send, this.show, this.revoke]) if (button) button.disabled = true;
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.failed, Object.values(error.fields ?? {})[0] ?? error.message);
    } finally {
      for (const button of [this.send, this.show, this.revoke]) if (button) button.disabled = false;
    }
  }

  #make(sms) {
    return this.#do(async () => {
      const { link, page } = await post(this.path, { sms });
      this.draw(page);
      fill(this.link, el("b", {}, grouped(link)), " ", copyButton(_("Copy the link"), () => link));
    });
  }

  #revoke() {
    return this.#do(async () => {
      this.draw(await post(`${this.path}/revoke`, {}));
      fill(this.link);
    });
  }
}

/** The links of all reports of an incident: `of(report)` is the node that stands with one. */
export class CallerLinks {
  constructor(incidentId) {
    this.id = incidentId;
    this.byReport = new Map();
    this.pages = new Map();
    this.entries = new Entries(incidentId, { name: "caller-pages", field: "pages", kinds: KINDS, draw: (pages) => this.#draw(pages) });
  }

  close() {
    this.entries.stop();
  }

  of(report) {
    const link = new ReportLink(this.id, report);
    this.byReport.set(report.id, link);
    link.draw(this.pages.get(report.id) ?? null);
    return link.node;
  }

  #draw(pages) {
    this.pages = new Map(pages.map((page) => [page.report_id, page]));
    for (const [id, link] of this.byReport) link.draw(this.pages.get(id) ?? null);
  }
}
