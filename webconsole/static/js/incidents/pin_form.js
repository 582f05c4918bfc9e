// Form of a new or changed incident: place, kind, caller. Enter saves; a new one that is known
// already becomes a report of the known one.
import { ApiError, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { coordinates, distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { PRIORITIES, incidentTitle, kindOf, priorityLabel } from "../core/labels.js";
import { preferences } from "../core/preferences.js";
import { on, select, setDraft, state } from "../core/store.js";
import { forgetDraft, keepDraft, keptDraft } from "../intake/form_draft.js";
import { KindChoice, isTyping } from "../intake/kind_choice.js";
import { KnownIncidents } from "../intake/known_incidents.js";
import { CHANNELS, channelLabel } from "../records/report_channels.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { noteToast } from "../widgets/toasts.js";
import { saveIncident } from "./decisions.js";
import { AddressSuggestion } from "./pin_address.js";

const TYPED = ["address", "description", "caller_name", "caller_phone", "channel"];

export class PinForm {
  /** A new incident at the draft pin, or a change to the one given. */
  constructor(incident = null) {
    this.incident = incident;
    this.clientId = newKey();
    this.priorityChosen = Boolean(incident);
    this.node = this.#build();
    this.listener = (event) => this.#chord(event);
    document.addEventListener("keydown", this.listener);
    if (!incident) this.#restore(keptDraft());
    this.stop = on("draft", () => this.#showPlace());
    this.#showPlace();
  }

  close() {
    this.stop();
    this.suggestion.close();
    this.kind.close();
    this.known?.close();
    document.removeEventListener("keydown", this.listener);
    if (!this.incident && state.selection.kind !== "pin") forgetDraft();
  }

  focus() {
    (this.incident ? this.address : this.kind).focus();
  }

  #build() {
    const old = this.incident;
    this.kind = new KindChoice({ chosen: old?.kind ?? null, changed: () => this.#kindChanged() });
    this.known = old ? null : new KnownIncidents({ same: (...which) => this.#addReport(...which) });
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
      { onsubmit: (event) => this.#submit(event), onkeydown: (event) => this.#keys(event), oninput: () => this.#keep(), onchange: () => this.#look() },
      this.place,
      this.known?.node,
      el("div.field", {}, el("span.label", { id: "pin-kind-label" }, _("Kind")), this.kind.node, el("span.field-error", { id: "pin-kind-error" })),
      el("div.field", {}, el("span.label", {}, _("Priority")), this.priority),
      field(this.address, _("Address"), this.suggestion.node),
      field(this.description, _("Description")),
      el("div.pair", {}, field(this.callerName, _("Caller")), field(this.callerPhone, _("Telephone"))),
      this.channel ? field(this.channel, _("How it was reported")) : null,
      this.error,
      el("div.form-actions", {}, this.save, el("button.quiet", { type: "button", onclick: () => this.#cancel() }, _("Cancel")), el("span.hint", {}, _("Enter saves, Esc leaves"))),
    );
    this.form = form;
    this.#followKind();
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
      el("input", { type: "radio", name: "priority", id, value: String(level), onchange: () => this.#choosePriority() }),
      el("span", {}, el("b", {}, String(level)), " ", priorityLabel(level)),
    );
  }

  #choosePriority() {
    this.priorityChosen = true;
    this.#keep();
  }

  #kindChanged() {
    showErrors(this.form, this.error, {});
    this.#followKind();
    this.#look();
    this.#keep();
  }

  /** Until somebody sets the priority it is the one that such a kind has; without a kind, none. */
  #followKind() {
    const level = this.incident?.priority ?? kindOf(this.kind.value)?.default_priority;
    if (this.priorityChosen && !this.incident) return;
    for (const input of this.priority.querySelectorAll("input")) input.checked = Number(input.value) === level;
  }

  /** Is it known already? */
  #look() {
    if (state.draft) this.known?.follow(state.draft, this.kind.value, this.address.value.trim());
  }

  #keep() {
    if (this.incident || !state.draft) return;
    const { lon, lat } = state.draft;
    const typed = Object.fromEntries(TYPED.map((name) => [name, this.form.elements[name].value]));
    const priority = this.priorityChosen ? this.form.elements.priority.value : null;
    keepDraft({ lon, lat, kind: this.kind.value, priority, typed, suggested: this.suggestion.suggested, clientId: this.clientId });
  }

  #restore(kept) {
    if (!kept || !state.draft || kept.lon !== state.draft.lon || kept.lat !== state.draft.lat) return;
    this.clientId = kept.clientId ?? this.clientId;
    for (const [name, value] of Object.entries(kept.typed ?? {})) this.form.elements[name].value = value;
    if (kept.suggested === this.address.value) this.suggestion.suggested = kept.suggested;
    this.kind.value = kept.kind;
    this.priorityChosen = Boolean(kept.priority);
    if (kept.priority) this.form.elements.priority.value = kept.priority;
    this.#followKind();
  }

  #showPlace() {
    const at = state.draft ?? this.incident;
    if (state.draft) this.suggestion.follow(state.draft); // an old incident's pin asks when it is moved
    this.#look();
    this.#keep();
    if (at) text(this.place, _("At %(place)s. Drag the pin to correct it.", { place: coordinates(at.lon, at.lat) }));
  }

  #keys(event) {
    if (event.key !== "Enter" || event.isComposing) return; // Enter that ends a pinyin word is not ours
    if (event.target === this.description && event.shiftKey) return; // a new line
    if (event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  /** "The same": S where nothing is written, Alt with S or a number anywhere in the form. */
  #chord(event) {
    if (!this.known || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    let index = -1;
    if (event.altKey) index = event.code === "KeyS" ? 0 : Number(digit ?? 0) - 1;
    else if (event.key.toLowerCase() === "s" && !isTyping(event) && preferences().letterKeys) index = 0;
    if (index >= 0 && !event.repeat && this.known.choose(index)) event.preventDefault();
  }

  /** What this caller said is one more report of a known incident; nothing of it is lost. */
  async #addReport(incident, awayM) {
    if (this.busy) return;
    this.busy = true;
    const { address, description, caller_name, caller_phone, channel, lon, lat } = this.#fields();
    const where = address && address !== incident.address ? address : coordinates(lon, lat);
    const told = _("Reported %(distance)s away: %(place)s", { distance: distance(awayM), place: where });
    const words = [description, told].filter(Boolean).join("\n");
    try {
      await post(`/incidents/${incident.id}/reports`, { channel, words, caller_name, caller_phone, client_id: this.clientId });
      setDraft(null);
      select("incident", incident.id);
      noteToast(_("The call was added to %(incident)s as a report.", { incident: incidentTitle(incident) }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      showErrors(this.form, this.error, error.fields, error.message);
    } finally {
      this.busy = false;
    }
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
    if (!this.kind.value) {
      showErrors(this.form, this.error, { kind: _("Choose what happened.") });
      this.kind.focus();
      return;
    }
    this.busy = true;
    this.save.disabled = true;
    showErrors(this.form, this.error, {});
    try {
      const incident = await saveIncident(this.#fields(), { id: this.incident?.id ?? null, clientId: this.clientId });
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
