// Notes of an incident, by the desk for the desk. Added, never changed.
import { boot } from "../core/boot.js";
import { ApiError, newKey, post } from "../core/api.js";
import { el, keyed, text } from "../core/dom.js";
import { keepDraft } from "../core/drafts.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { Entries } from "./entry_list.js";

export const writeNote = (incidentId, words, clientId) => post(`/incidents/${incidentId}/notes`, { words, client_id: clientId });

class Notes {
  constructor(incidentId) {
    this.id = incidentId;
    this.key = newKey();
    this.list = el("ol.entries", { "aria-label": _("Notes") });
    this.words = el("textarea", { rows: "2", maxlength: boot.limits.text, "aria-label": _("New note"), placeholder: _("New note, for the desk alone"), oninput: () => this.#ready(), onkeydown: (event) => this.#keys(event) });
    this.keep = keepDraft(this.words, `note-${incidentId}`);
    this.go = el("button.secondary.small", { type: "submit", disabled: true, title: "Ctrl+Enter" }, _("Add note"));
    this.error = el("p.form-error", { role: "alert" });
    this.form = el("form.entry-form", { onsubmit: (event) => this.#send(event) }, this.words, el("div.form-actions", {}, this.go), this.error);
    this.entries = new Entries(incidentId, { name: "notes", kinds: ["incident.noted"], draw: (notes) => this.#draw(notes) });
    this.node = el("div.notes", {}, this.list, this.entries.failed, this.form);
    this.#ready();
  }

  close() {
    this.entries.stop();
  }

  #draw(notes) {
    keyed(this.list, notes, {
      key: (note) => note.id,
      create: (note) => el("li.entry", { data: { noteId: note.id } },
        el("p.entry-head", {}, el("time", { datetime: note.written_at }, clock(note.written_at, { seconds: false })), " ", el("span.who-wrote")), el("p.entry-words", {}, note.words || _("Erased: kept long enough"))),
      update: (row, note) => text(row.querySelector(".who-wrote"), note.author),
    });
  }

  #ready() {
    this.go.disabled = !this.words.value.trim();
  }

  #keys(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
  }

  async #send(event) {
    event.preventDefault();
    const words = this.words.value.trim();
    if (!words || this.sending) return;
    this.sending = true;
    this.go.disabled = true;
    text(this.error, "");
    try {
      await writeNote(this.id, words, this.key);
      this.key = newKey();
      if (this.words.value.trim() === words) this.words.value = "";
      this.keep();
      this.entries.refresh();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Other words under the same name would be refused: those are another note.
      if (error.code === "idempotency_mismatch") this.key = newKey();
      text(this.error, error.fields.words ?? error.message);
    } finally {
      this.sending = false;
      this.#ready();
    }
  }
}

addIncidentSection({
  id: "notes",
  order: 50,
  title: () => _("Notes"),
  count: (incident) => incident.notes_count || null,
  make: (id) => new Notes(id),
});
