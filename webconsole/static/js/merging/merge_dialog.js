// The dialog in which two incidents become one: which other, what goes over, what becomes of orders.
// Enter goes on, Escape leaves.
import { ApiError, get, newKey } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { assignmentState, incidentTitle } from "../core/labels.js";
import { showDialog } from "../widgets/dialog.js";
import { whyLabels } from "./likeness_labels.js";
import { merge } from "./merges.js";

const MOST = 5;
const WHAT_MOVES = {
  goes_over: () => _("goes on for the other incident"),
  replaces: () => _("goes on; its order for the other incident, which waits behind, ends"),
  ends: () => _("ends; it has an order for the other incident before it"),
};

const line = (incident) => [`P${incident.priority} ${incidentTitle(incident)}`, incident.address].filter(Boolean).join(" · ");

/** "3 reports, 1 note, 2 photos": what belongs to an incident. */
function contents({ reports_count: reports, notes_count: notes, photos_count: photos, messages_count: messages, merged_count: merged }) {
  return [
    [reports, () => ngettext("%(n)s report", "%(n)s reports", reports)],
    [notes, () => ngettext("%(n)s note", "%(n)s notes", notes)],
    [photos, () => ngettext("%(n)s photo", "%(n)s photos", photos)],
    [messages, () => ngettext("%(n)s message", "%(n)s messages", messages)],
    [merged, () => ngettext("%(n)s merged incident", "%(n)s merged incidents", merged)],
  ].filter(([n]) => n > 0).map(([, say]) => say()).join(" · ");
}

class MergeDialog {
  constructor(incident, into) {
    this.incident = incident;
    this.key = newKey();
    this.failed = el("p.form-error", { role: "alert" });
    this.body = el("div.merge-body", { "aria-live": "polite" });
    this.dialog = showDialog("merge-dialog", { title: _("Merge duplicates"), body: el("div.merge-frame", {}, this.body, this.failed) });
    if (into) this.#preview(incident.id, into);
    else this.#choose();
  }

  async #ask(path) {
    try {
      const answer = await get(path);
      text(this.failed, "");
      return answer;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      text(this.failed, error.fields?.into ?? error.message);
      return null;
    }
  }

  /** Which other incident: what is near, the likeliest first, or a number. */
  async #choose() {
    const { id, lon, lat, kind, address } = this.incident;
    const number = el("input", { id: "merge-number", inputmode: "numeric", autocomplete: "off", size: "8" });
    const go = (event) => {
      event.preventDefault();
      const into = Number(number.value.trim().replace(/^#/, ""));
      if (Number.isSafeInteger(into) && into > 0) this.#preview(id, into);
      else number.focus();
    };
    const list = el("ul.merge-choices");
    fill(this.body,
      el("p", {}, _("Into which incident is %(incident)s merged?", { incident: incidentTitle(this.incident) })),
      list,
      el("form.merge-number", { onsubmit: go }, el("label", { for: number.id }, _("or its number")), number, el("button.secondary", { type: "submit" }, _("Show what moves"))));
    number.focus();
    const query = new URLSearchParams({ lon, lat, kind, address, limit: String(MOST + 1) });
    const found = await this.#ask(`/incidents/near?${query}`);
    const others = (found?.incidents ?? []).filter(({ incident }) => incident.id !== id).slice(0, MOST);
    fill(list, others.map((each) => el("li", {}, el("button.secondary.merge-choice", { type: "button", onclick: () => this.#preview(id, each.incident.id) },
      el("b", {}, line(each.incident)), el("span.facts", {}, whyLabels(each).join(" · "))))));
    if (others.length && document.activeElement === number && !number.value) list.querySelector("button").focus();
  }

  async #preview(oneId, intoId) {
    const told = await this.#ask(`/incidents/${oneId}/merge?into=${intoId}`);
    if (told) this.#show(told);
  }

  #show(told) {
    const { incident, into, orders } = told;
    const choice = orders.length ? this.#orders(orders) : null;
    const reason = el("input", { id: "merge-reason", maxlength: boot.limits.reason, autocomplete: "off" });
    const go = el("button.primary", { type: "submit" }, _("Merge"));
    const form = el("form.merge-form", {
      onsubmit: async (event) => {
        event.preventDefault();
        go.disabled = true;
        const done = await merge(incident, into.id, { orders: choice && form.elements["merge-orders"].value, reason: reason.value.trim(), key: this.key });
        if (done) this.dialog.close();
        go.disabled = false;
      },
    },
    el("dl.merge-sides", {},
      el("dt", {}, _("Is merged")), el("dd", {}, el("b", {}, line(incident)), el("span.facts", {}, contents(incident))),
      el("dt", {}, _("Goes on")), el("dd", {}, el("b", {}, line(into)), el("span.facts", {}, whyLabels({ ...told, incident }).join(" · ")))),
    el("p.hint", {}, _("All of it is shown with the incident that goes on, and can be taken out again.")),
    choice,
    el("div.field", {}, el("label", { for: reason.id }, _("Reason (optional)")), reason),
    el("div.form-actions", {}, go,
      el("button.secondary", { type: "button", onclick: () => this.#preview(into.id, incident.id) }, _("The other way round")),
      el("button.quiet", { type: "button", onclick: () => this.dialog.close() }, _("Leave it"))));
    fill(this.body, form);
    go.focus();
  }

  #orders(orders) {
    const row = ({ assignment, if_moved: what }) => el("li", {}, el("b", {}, assignment.crew_name), " ", _("%(what)s: %(why)s", { what: assignmentState(assignment.state), why: WHAT_MOVES[what]() }));
    const radio = (value, label, checked, more = null) => el("label.merge-option", {}, el("input", { type: "radio", name: "merge-orders", value, checked }), el("span", {}, label, more));
    return el("fieldset.merge-orders", {}, el("legend", {}, _("Crews on their way")),
      radio("move", _("Their orders go over; each crew is told"), true, el("ul", {}, orders.map(row))),
      radio("withdraw", _("Recall them"), false));
  }
}

/** Ask into which incident this one goes, or show at once what merging it into `into` brings. */
export const askToMerge = (incident, into = null) => new MergeDialog(incident, into);
