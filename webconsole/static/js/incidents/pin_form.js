// Form of a new or changed incident: place, kind, caller. Enter saves.
import { ApiError, newKey } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { coordinates } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { PRIORITIES, incidentTitle, kindOf, priorityLabel, utilityLabel } from "../core/labels.js";
import { on, select, setDraft, state } from "../core/store.js";
import { CHANNELS, channelLabel } from "../records/report_channels.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { saveIncident } from "./decisions.js";
import { AddressSuggestion } from "./pin_address.js";

const LAST_KIND = "nearcrew-last-kind";

function kindOptions() {
  const groups = new Map();
  for (const kind of boot.kinds ?? []) {
    if (!groups.has(kind.utility)) groups.set(kind.utility, []);
    groups.get(kind.utility).push(kind);
  }
  return [...groups].map(([utility, kinds]) =>
    el("optgroup", { label: utilityLabel(utility) },
      kinds.map((kind) => el("option", { value: kind.code }, isChinese() ? kind.name_zh : kind.name_en))));
}

export class PinForm {
  /** A new incident at the draft pin, or a change to the one given. */
  constructor(incident = null) {
    this.incident = incident;
    this.clientId = newKey();
    this.priorityChosen = Boolean(incident);
    this.node = this.#build();
    this.stop = on("draft", () => this.#showPlace());
    this.#showPlace();
  }

  close() {
    this.stop();
    this.suggestion.close();
  }

  focus() {
    (this.incident ? this.address : this.kind).focus();
  }

  #build() {
    const old = this.incident;
    this.kind = el("select", { id: "pin-kind", name: "kind", required: true, onchange: () => this.#kindChanged() }, kindOptions());
    const last = old?.kind ?? sessionStorage.getItem(LAST_KIND);
    if (last && kindOf(last)) this.kind.value = last;
    this.priority = el("div.segments", { role: "radiogroup", "aria-label": _("Priority") }, PRIORITIES.map((level) => this.#priorityChoice(level)));
    this.address = el("input", { id: "pin-address", name: "address", maxlength: boot.limits.address, autocomplete: "off", value: old?.address ?? "" });
    this.suggestion = new AddressSuggestion(this.address);
    this.description = el("textarea", { id: "pin-description", name: "description", rows: "3", maxlength: boot.limits.text, value: old?.description ?? "" });
    this.callerName = el("input", { id: "pin-caller_name", name: "caller_name", maxlength: boot.limits.name, autocomplete: "off", value: old?.caller_name ?? "" });
    this.callerPhone = el("input", { id: "pin-caller_phone", name: "caller_phone", maxlength: boot.limits.phone, inputmode: "tel", autocomplete: "off", value: old?.caller_phone ?? "" });
    // Asked once: what was told first is kept as it was told.
    this.channel = old ? null : el("select", { id: "pin-channel", name: "channel" }, CHANNELS.map((code) => el("option", { value: code }, channelLabel(code))));
    this.place = el("p.place-line");
    this.error = el("p.form-error", { role: "alert" });
    this.save = el("button.primary", { type: "submit" }, old ? _("Save") : _("Save and find crews"));
    const form = el(
      "form.pin-form",
      { onsubmit: (event) => this.#submit(event), onkeydown: (event) => this.#keys(event) },
      this.place,
      field(this.kind, _("Kind")),
      el("div.field", {}, el("span.label", {}, _("Priority")), this.priority),
      field(this.address, _("Address"), this.suggestion.node),
      field(this.description, _("Description")),
      el("div.pair", {}, field(this.callerName, _("Caller")), field(this.callerPhone, _("Telephone"))),
      this.channel ? field(this.channel, _("How it was reported")) : null,
      this.error,
      el("div.form-actions", {}, this.save, el("button.quiet", { type: "button", onclick: () => this.#cancel() }, _("Cancel")), el("span.hint", {}, _("Enter saves, Esc leaves"))),
    );
    this.form = form;
    this.#kindChanged();
    return el(
      "section.panel",
      {},
      el("header.panel-head", {}, el("h2", {}, old ? _("Change %(incident)s", { incident: incidentTitle(old) }) : _("New incident"))),
      el("div.scroll", {}, form),
    );
  }

  #priorityChoice(level) {
    const id = `pin-priority-${level}`;
    return el(
      "label.segment",
      { for: id },
      el("input", { type: "radio", name: "priority", id, value: String(level), onchange: () => (this.priorityChosen = true) }),
      el("span", {}, el("b", {}, String(level)), " ", priorityLabel(level)),
    );
  }

  #kindChanged() {
    const level = this.incident?.priority ?? kindOf(this.kind.value)?.default_priority ?? 3;
    if (this.priorityChosen && !this.incident) return;
    const input = this.priority.querySelector(`input[value="${level}"]`);
    if (input) input.checked = true;
  }

  #showPlace() {
    const at = state.draft ?? this.incident;
    if (state.draft) this.suggestion.follow(state.draft); // an old incident's pin asks when it is moved
    if (at) text(this.place, _("At %(place)s. Drag the pin to correct it.", { place: coordinates(at.lon, at.lat) }));
  }

  #keys(event) {
    if (event.key !== "Enter" || event.isComposing) return; // Enter that ends a pinyin word is not ours
    if (event.target === this.description && event.shiftKey) return; // a new line
    if (event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  #cancel() {
    if (this.incident) select("incident", this.incident.id);
    else select(null);
  }

  #fields() {
    const fields = {
      kind: this.kind.value,
      priority: Number(this.form.elements.priority.value),
      address: this.address.value.trim(),
      description: this.description.value.trim(),
      caller_name: this.callerName.value.trim(),
      caller_phone: this.callerPhone.value.trim(),
    };
    const at = state.draft;
    if (at) Object.assign(fields, { lon: at.lon, lat: at.lat });
    if (!this.incident) return { ...fields, channel: this.channel.value };
    // Only what was changed here: another desk may be correcting another line meanwhile.
    return Object.fromEntries(Object.entries(fields).filter(([name, value]) => value !== this.incident[name]));
  }

  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.save.disabled = true;
    showErrors(this.form, this.error, {});
    try {
      const incident = await saveIncident(this.#fields(), { id: this.incident?.id ?? null, clientId: this.clientId });
      sessionStorage.setItem(LAST_KIND, incident.kind);
      setDraft(null);
      select("incident", incident.id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      showErrors(this.form, this.error, error.fields, error.message);
    } finally {
      this.busy = false;
      this.save.disabled = false;
    }
  }
}
