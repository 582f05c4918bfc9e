// Parts of the forms about shifts: one dialog, its refusals, and the fields that several have.
import { ApiError } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { field, showErrors } from "../widgets/form_fields.js";
import { DAY_KINDS, daysLabel, weekdayNames } from "./shift_labels.js";

/**
 * Show a form in a dialog. `save()` returns a promise; a refusal stands at its field, and the
 * dialog stays. `others`: buttons beside the first, [{label, act}], handled alike.
 */
export function askInDialog(title, fields, { label, save, others = [], done }) {
  const error = el("p.form-error", { role: "alert" });
  const run = async (act) => {
    text(error, "");
    try {
      await act();
    } catch (refused) {
      if (!(refused instanceof ApiError)) throw refused;
      showErrors(form, error, refused.fields, refused.message);
      return;
    }
    dialog.close();
    await done();
  };
  const form = el("form", { novalidate: true, onsubmit: (event) => {
    event.preventDefault();
    run(save);
  } }, ...fields, error, el("div.form-actions", {},
    save ? el("button.primary", { type: "submit" }, label) : null,
    others.map((each) => el("button.secondary", { type: "button", onclick: () => run(each.act) }, each.label))));
  const dialog = showDialog("shift-dialog", { title, body: form });
  form.querySelector("select, input, button")?.focus();
  return dialog;
}

export const textField = (name, label, options = {}) => field(el("input", { id: `shift-${name}`, autocomplete: "off", ...options }), label);

export function choiceField(name, label, choices, value, options = {}) {
  const control = el("select", { id: `shift-${name}`, ...options }, choices.map(([code, words]) => el("option", { value: String(code) }, words)));
  control.value = String(value ?? "");
  return field(control, label);
}

export const valueOf = (name) => document.getElementById(`shift-${name}`)?.value ?? "";
export const numberOf = (name) => Number(valueOf(name)) || null;

/** Fields for the hours of some days; `read()` returns them for the API. */
export function hoursFields(known = {}) {
  const chosen = new Set(known.weekdays ?? []);
  const days = weekdayNames().map((name, number) => {
    const box = el("input", { type: "checkbox", value: String(number) });
    box.checked = chosen.has(number);
    return el("label.day", {}, box, name);
  });
  const group = el("fieldset.weekdays", {}, el("legend", {}, _("Only on")), days, el("span.field-error", { id: "shift-weekdays-error" }));
  return {
    nodes: [
      el("div.pair", {}, textField("from_time", _("From"), { type: "time", value: known.from_time ?? "08:00" }), textField("to_time", _("To"), { type: "time", value: known.to_time ?? "20:00" })),
      group,
      el("div.pair", {}, choiceField("days", _("Days"), DAY_KINDS.map((code) => [code, daysLabel(code)]), known.days ?? "any"), choiceField("calendar", _("Calendar"), boot.calendars.map((code) => [code, code]), known.calendar ?? "office")),
    ],
    read: () => ({
      from_time: valueOf("from_time"),
      to_time: valueOf("to_time"),
      weekdays: [...group.querySelectorAll("input:checked")].map(({ value }) => Number(value)),
      days: valueOf("days"),
      calendar: valueOf("calendar"),
    }),
  };
}
