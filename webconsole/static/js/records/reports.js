// Reports of an incident: who reported it, by which channel and when. The first is what was pinned.
import { boot } from "../core/boot.js";
import { ApiError, newKey, post } from "../core/api.js";
import { el, fill, keyed } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { Entries } from "./entry_list.js";
import { CHANNELS, channelLabel } from "./report_channels.js";

const FIELDS = ["channel", "reference", "caller_name", "caller_phone", "words"];

class Reports {
  constructor(incidentId) {
    this.id = incidentId;
    this.list = el("ol.entries", { "aria-label": _("Reports") });
    this.slot = el("div");
    this.entries = new Entries(incidentId, { name: "reports", kinds: ["incident.reported"], draw: (reports) => this.#draw(reports) });
    this.node = el("div.reports", {}, this.list, this.entries.failed, this.slot);
    this.#offer();
  }

  close() {
    this.entries.stop();
  }

  #draw(reports) {
    keyed(this.list, reports, { key: (report) => report.id, create: (report) => this.#entry(report), update: () => {} });
  }

  #entry(report) {
    const caller = [report.caller_name, report.caller_phone].filter(Boolean).join(" · ");
    return el("li.entry", { data: { reportId: report.id } },
      el("p.entry-head", {},
        el("time", { datetime: report.told_at }, clock(report.told_at, { seconds: false })), " ",
        el("b", {}, channelLabel(report.channel)), report.reference ? ` ${report.reference}` : "",
        report.taken_by ? [" · ", _("taken by %(who)s", { who: report.taken_by })] : ""),
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
  count: (incident) => incident.reports_count || null,
  make: (id) => new Reports(id),
});
