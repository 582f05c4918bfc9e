// One shift in a dialog: added, given other times, cancelled, offered to another crew.
import { newKey, post, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { askInDialog, choiceField, numberOf, textField, valueOf } from "./shift_forms.js";
import { dayLabel, shiftLabel, swapLabel } from "./shift_labels.js";

const OTHER = "";

function timeFields(templates, known) {
  const fields = el("div.pair", {}, textField("from_time", _("From"), { type: "time", value: known.from_time ?? "08:00" }), textField("to_time", _("To"), { type: "time", value: known.to_time ?? "20:00" }));
  const kind = choiceField("template_id", _("Kind of shift"), [...templates.map((each) => [each.id, shiftLabel(each)]), [OTHER, _("Other hours")]], known.template_id ?? templates[0]?.id ?? OTHER);
  const select = kind.querySelector("select");
  const show = () => (fields.hidden = select.value !== OTHER);
  select.addEventListener("change", show);
  show();
  return [kind, fields];
}

function times(day) {
  const template = numberOf("template_id");
  return template ? { day, template_id: template } : { day, from_time: valueOf("from_time"), to_time: valueOf("to_time") };
}

const reason = () => (valueOf("reason").trim() ? { reason: valueOf("reason").trim() } : {});

export function addShift(crew, day, { templates, done }) {
  const key = newKey();
  askInDialog(_("%(crew)s, %(day)s", { crew: crew.name, day: dayLabel(day) }), [...timeFields(templates, {}), textField("reason", _("Reason (optional)"), { maxlength: "300" })], {
    label: _("Add the shift"),
    save: () => post("/shifts", { crew_id: crew.id, ...times(day), ...reason(), client_id: key }),
    done,
  });
}

function facts(shift) {
  const words = [shiftLabel(shift), shift.by_hand ? _("changed by hand") : _("by rotation"), shift.reason, _("%(who)s, %(time)s", { who: shift.updated_by, time: shift.updated_at.slice(0, 10) })];
  return el("p.told", {}, words.filter(Boolean).join(" · "));
}

export function editShift(shift, { templates, done }) {
  const title = _("%(crew)s, %(day)s", { crew: shift.crew_name, day: dayLabel(shift.day) });
  if (!boot.may_plan) {
    askInDialog(title, [facts(shift)], { done });
    return;
  }
  const version = { expected_version: shift.version };
  askInDialog(title, [facts(shift), ...timeFields(templates, shift), textField("reason", _("Reason (optional)"), { maxlength: "300" })], {
    label: _("Save"),
    save: () => put(`/shifts/${shift.id}`, { ...times(shift.day), ...reason(), ...version }),
    others: [
      { label: _("Cancel the shift"), act: () => post(`/shifts/${shift.id}/cancel`, { ...reason(), ...version }) },
      ...(shift.swap_id ? [] : [{ label: _("Swap…"), act: () => queueMicrotask(() => setTimeout(() => askSwap(shift, { done }))) }]),
    ],
    done,
  });
}

/** `crews`: whom one may ask; a planner asks for the crew. */
export function askSwap(shift, { done, crews = boot.crews }) {
  const key = newKey();
  askInDialog(_("Swap: %(shift)s", { shift: `${dayLabel(shift.day)} ${shiftLabel(shift)}` }), [
    choiceField("with_crew_id", _("With which crew"), crews.filter(({ id }) => id !== shift.crew_id).map(({ id, name }) => [id, name]), ""),
    textField("reason", _("Reason (optional)"), { maxlength: "300" }),
  ], {
    label: _("Ask for the swap"),
    save: () => post(`/shifts/${shift.id}/swaps`, { with_crew_id: numberOf("with_crew_id") ?? 0, ...reason(), client_id: key }),
    done,
  });
}

export const swapFacts = (swap) => `${swapLabel(swap.state)} · ${swap.asked_by}`;
