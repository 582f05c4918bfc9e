// Closing what is done, several at once: a button in the group's heading, and a dialog that lists
// them with what their crews reported. Each is closed by a request of its own.
import { ApiError, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { on, putIncident, state } from "../core/store.js";
import { closingWords, openFollowUp, shownState } from "../outcomes/outcome_labels.js";
import { showDialog } from "../widgets/dialog.js";
import { noteToast } from "../widgets/toasts.js";

const FEWEST = 2;

/** Done by its crew, and nothing left to follow. */
const isClosable = (incident) => Boolean(incident) && shownState(incident) === "resolved" && incident.outcome_effect !== "not_done" && !openFollowUp(incident);

const closable = () => [...state.incidents.values()].filter(isClosable).sort((a, b) => a.id - b.id);

/** The button of the heading; it is there while there are several. */
export function closeManyButton() {
  const button = el("button.quiet.small.close-many-open", { type: "button", onclick: () => new CloseMany(closable()) });
  const draw = () => {
    const n = closable().length;
    button.hidden = n < FEWEST;
    text(button, _("Close all %(n)s…", { n }));
  };
  on("incidents", draw);
  draw();
  return button;
}

class CloseMany {
  constructor(incidents) {
    this.rows = incidents.map((incident) => this.#row(incident));
    this.all = el("input", { id: "close-many-all", maxlength: boot.limits.reason, autocomplete: "off", oninput: () => this.#forAll() });
    this.said = el("p.close-many-said", { role: "alert" });
    this.go = el("button.primary", { type: "submit" });
    const form = el("form.close-many-form", { onsubmit: (event) => this.#submit(event) },
      el("div.field", {}, el("label", { for: this.all.id }, _("One reason for all")), this.all),
      el("ul", { "aria-label": _("Incidents to close") }, this.rows.map(({ node }) => node)),
      this.said,
      el("div.form-actions", {}, this.go, el("button.quiet", { type: "button", onclick: () => this.dialog.close() }, _("Cancel"))));
    this.#count();
    this.dialog = showDialog("close-many", { title: _("Close what is done"), body: form });
  }

  #row(incident) {
    const id = `close-many-${incident.id}`;
    const row = {
      id: incident.id,
      key: newKey(), // asked again after a lost answer, it is closed once
      box: el("input", { type: "checkbox", id, checked: true, onchange: () => this.#count() }),
      reason: el("input", { maxlength: boot.limits.reason, autocomplete: "off", value: closingWords(incident), "aria-label": _("How did %(incident)s end?", { incident: incidentTitle(incident) }) }),
      fate: el("span.close-many-fate"),
    };
    row.node = el("li", {}, row.box, el("label", { for: id }, el("b", {}, incidentTitle(incident)), " ", incident.address), row.reason, row.fate);
    return row;
  }

  #left() {
    return this.rows.filter((row) => row.box.checked && !row.closed);
  }

  #count() {
    const n = this.#left().length;
    this.go.disabled = n === 0 || Boolean(this.busy);
    text(this.go, ngettext("Close %(n)s incident", "Close %(n)s incidents", n));
  }

  #forAll() {
    for (const row of this.rows) if (!row.closed) row.reason.value = this.all.value;
  }

  async #submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.#count();
    fill(this.said);
    for (const row of this.#left()) await this.#close(row);
    this.busy = false;
    this.#count();
    const closed = this.rows.filter((row) => row.closed).length;
    const failed = this.#left().length;
    if (!failed) {
      this.dialog.close();
      noteToast(ngettext("%(n)s incident closed", "%(n)s incidents closed", closed));
    } else text(this.said, _("%(closed)s closed, %(failed)s not: see why beside each.", { closed, failed }));
  }

  async #close(row) {
    row.node.classList.remove("failed");
    // Reopened or found not done while the list was read: that is not what was agreed to.
    if (!isClosable(state.incidents.get(row.id))) {
      this.#fail(row, _("It changed meanwhile: look at it."));
      return;
    }
    try {
      const reason = row.reason.value.trim();
      putIncident(await post(`/incidents/${row.id}/close`, { client_id: row.key, ...(reason ? { reason } : {}) }));
      row.closed = true;
      row.box.disabled = true;
      row.reason.disabled = true;
      text(row.fate, _("Closed"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#fail(row, error.whole);
    }
  }

  #fail(row, words) {
    row.node.classList.add("failed");
    text(row.fate, words);
  }
}
