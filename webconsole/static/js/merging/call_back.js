// The tick that somebody who reported was called back: by whom, when, and what was said.
import { ApiError, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

export class CallBackTick {
  /** `called` is {called_at, called_by, note}, or null: still to be called. */
  constructor(incidentId, reportId, called) {
    this.path = `/incidents/${incidentId}/reports/${reportId}/call-back`;
    this.box = el("input", { type: "checkbox", onchange: () => this.#toggle() });
    this.words = el("span");
    this.extra = el("span.call-back-note");
    this.failed = el("span.field-error", { role: "alert" });
    this.node = el("div.call-back", {}, el("label", {}, this.box, this.words), this.extra, this.failed);
    this.update(called);
  }

  update(called) {
    this.called = called;
    if (this.busy) return;
    this.box.checked = Boolean(called);
    this.node.classList.toggle("called", Boolean(called));
    text(this.words, called ? _("Called back by %(who)s, %(time)s", { who: called.called_by, time: clock(called.called_at, { seconds: false }) }) : _("Called back"));
    if (!this.extra.contains(document.activeElement)) this.#drawNote();
  }

  #drawNote() {
    const { called } = this;
    if (!called) fill(this.extra);
    else fill(this.extra, called.note ? el("q", {}, called.note) : null, el("button.quiet.small", { type: "button", onclick: () => this.#askNote() }, called.note ? _("Change") : _("Note…")));
  }

  #askNote() {
    const input = el("input", { "aria-label": _("What was said"), maxlength: boot.limits.reason, autocomplete: "off", value: this.called?.note ?? "" });
    const back = () => {
      fill(this.extra);
      this.#drawNote();
    };
    const form = el("form", {
      onsubmit: async (event) => {
        event.preventDefault();
        const note = input.value.trim();
        back();
        await this.#send({ called: true, called_at: this.called?.called_at ?? null, note });
      },
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        back();
      },
    }, input, el("button.secondary.small", { type: "submit" }, _("Save")));
    fill(this.extra, form);
    input.focus();
  }

  #toggle() {
    this.#send(this.box.checked ? { called: true } : { called: false });
  }

  async #send(body) {
    this.busy = true;
    text(this.failed, "");
    try {
      const report = await post(this.path, { ...body, client_id: newKey() });
      this.called = report.call_back;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.failed, error.message);
    } finally {
      this.busy = false;
      this.update(this.called);
    }
  }
}
