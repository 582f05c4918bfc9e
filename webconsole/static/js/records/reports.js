// Reports of an incident: who reported it, by which channel and when, and whether somebody called
// back. The first is what was pinned; of hundreds a page is shown at a time.
import { CallerLinks } from "../callers/caller_links.js";
import { boot, may } from "../core/boot.js";
import { ApiError, get, newKey, post } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { CallBackTick } from "../merging/call_back.js";
import { People } from "../merging/people.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { Entries } from "./entry_list.js";
import { CHANNELS, channelLabel } from "./report_channels.js";

const PAGE = 20;
const KINDS = ["incident.reported", "incident.merged_in", "incident.parted", "report.called_back"];
const FIELDS = ["channel", "reference", "caller_name", "caller_phone", "words"];

class Reports {
  constructor(incidentId) {
    this.id = incidentId;
    this.list = el("ol.entries", { "aria-label": _("Reports") });
    this.people = null;
    this.links = may("incident.write") ? new CallerLinks(incidentId) : null;
    this.slot = el("div");
    this.shown = PAGE;
    this.more = el("button.quiet.small", { type: "button", hidden: true, onclick: () => this.#showMore() });
    this.left = el("span");
    this.filter = el("button.toggle", { type: "button", "aria-pressed": "false", onclick: () => this.#filter(!this.people) }, _("Only who is to be called back"));
    this.table = el("a", { href: `/api/v1/incidents/${incidentId}/call-backs.csv`, download: "" }, _("Table (CSV)"));
    this.head = el("div.callers-head", { hidden: true }, this.left, this.filter, this.table);
    this.entries = new Entries(incidentId, {
      name: "reports",
      query: () => `?limit=${this.shown}`,
      kinds: KINDS,
      whole: true,
      draw: (answer) => this.#draw(answer),
    });
    this.node = el("div.reports", {}, this.head, this.list, this.more, this.entries.failed, this.slot);
    this.#offer();
  }

  close() {
    this.entries.stop();
    this.links?.close();
    this.people?.close();
  }

  /** Once the work is done, those who wait for a word come first. */
  update(incident) {
    if (incident.state === "resolved" && !this.offered) this.#filter(true);
    if (incident.state === "resolved") this.offered = true;
  }

  #filter(on) {
    this.filter.setAttribute("aria-pressed", String(on));
    this.list.hidden = on;
    this.more.hidden = on || !this.answer?.next_after_id;
    if (on === Boolean(this.people)) return;
    this.people?.close();
    this.people?.node.remove();
    this.people = on ? new People(this.id) : null;
    if (on) this.head.after(this.people.node);
  }

  /** The next page only: those above are there. */
  async #showMore() {
    this.shown += PAGE;
    const { next_after_id: after, reports } = this.answer;
    try {
      const next = await get(`/incidents/${this.id}/reports?limit=${PAGE}&after_id=${after}`);
      this.#draw({ ...next, reports: [...reports, ...next.reports] });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.entries.refresh(); // says what is wrong
    }
  }

  #draw(answer) {
    this.answer = answer;
    const { reports, total, to_call_back: left, next_after_id: after } = answer;
    keyed(this.list, reports, { key: (report) => report.id, create: (report) => this.#entry(report), update: (row, report) => row.tick?.update(report.call_back) });
    this.head.hidden = !reports.some((report) => report.caller_phone) && left === 0;
    text(this.left, left ? ngettext("%(n)s person to call back", "%(n)s people to call back", left) : _("Everybody was called back."));
    this.more.hidden = this.list.hidden || !after;
    text(this.more, _("%(n)s of %(all)s shown: show more", { n: reports.length, all: total }));
  }

  #entry(report) {
    const caller = [report.caller_name, report.caller_phone].filter(Boolean).join(" · ");
    const tick = report.caller_phone ? new CallBackTick(this.id, report.id, report.call_back) : null;
    const row = this.#words(report, caller);
    row.tick = tick;
    if (tick) row.append(tick.node);
    if (this.links) row.append(this.links.of(report));
    return row;
  }

  #words(report, caller) {
    return el("li.entry", { data: { reportId: report.id } },
      el("p.entry-head", {},
        el("time", { datetime: report.told_at }, clock(report.told_at, { seconds: false })), " ",
        el("b", {}, channelLabel(report.channel)), report.reference ? ` ${report.reference}` : "",
        report.taken_by ? [" · ", _("taken by %(who)s", { who: report.taken_by })] : "",
        report.incident_id === this.id ? "" : ` · #${report.incident_id}`),
      caller ? el("p.entry-caller", {}, caller) : null,
      report.words ? el("p.entry-words", {}, report.words) : null);
  }

  #offer({ focus = false } = {}) {
    const button = el("button.secondary.small", { type: "button", onclick: () => this.#ask() }, _("Add a report of the same thing"));
    fill(this.slot, button);
    if (focus) button.focus();
  }

  #ask() {
    const key = newKey();
    const inputs = {
      channel: el("select", {}, CHANNELS.map((code) => el("option", { value: code }, channelLabel(code)))),
      reference: el("input", { maxlength: boot.limits.name, autocomplete: "off" }),
      caller_name: el("input", { maxlength: boot.limits.name, autocomplete: "off" }),
      caller_phone: el("input", { maxlength: boot.limits.phone, autocomplete: "off", inputmode: "tel" }),
      words: el("textarea", { rows: "2", maxlength: boot.limits.text }),
    };
    const labels = { channel: _("How it was reported"), reference: _("Reference number"), caller_name: _("Caller"), caller_phone: _("Telephone"), words: _("What was reported") };
    const failed = el("p.form-error", { role: "alert" });
    const line = (name) => {
      inputs[name].id = `report-${name}`;
      return field(inputs[name], labels[name]);
    };
    const go = el("button.primary.small", { type: "submit" }, _("Add report"));
    const send = async (event) => {
      event.preventDefault();
      go.disabled = true;
      const body = { client_id: key };
      for (const name of FIELDS) if (inputs[name].value.trim()) body[name] = inputs[name].value.trim();
      try {
        await post(`/incidents/${this.id}/reports`, body);
        this.entries.refresh();
        // Whoever writes elsewhere by now is left there.
        const { activeElement } = document;
        this.#offer({ focus: activeElement === document.body || form.contains(activeElement) });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        go.disabled = false;
        showErrors(form, failed, error.fields, error.message);
      }
    };
    const leave = (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.#offer({ focus: true });
    };
    const back = el("button.quiet.small", { type: "button", onclick: () => this.#offer({ focus: true }) }, _("Leave it"));
    const form = el("form.entry-form.report-form", { onsubmit: send, onkeydown: leave },
      el("div.pair", {}, line("channel"), line("reference")), el("div.pair", {}, line("caller_name"), line("caller_phone")), line("words"),
      el("div.form-actions", {}, go, back), failed);
    fill(this.slot, form);
    inputs.channel.focus();
  }
}

addIncidentSection({
  id: "reports",
  order: 40,
  title: () => _("Reports"),
  open: false,
  calls: (incident) => (incident.state === "resolved" && incident.reports_count > 1 ? 1 : 0),
  count: (incident) => incident.reports_count || null,
  make: (id) => new Reports(id),
});
