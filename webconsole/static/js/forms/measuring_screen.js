// The crew's screen on which one form is filled in. What was typed outlives the page; a form that is
// changed meanwhile stays on the screen, and is sent, as it was when it was opened.
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { fieldControl } from "./form_controls.js";
import { itemOf, nameIn } from "./form_labels.js";
import { keepFields, keptFields } from "./kept_fields.js";

/** `save(values, items)` keeps it; `back()` leaves it; `skip`: words of a way on without it, if there is one. */
export function measuringScreen({ order, form }, { save, back, skip = null, onSkip = back }) {
  const key = `form-${order.id}-${form.code}`;
  const draft = keptFields(key);
  const failed = el("p.refused", { role: "alert" });
  const go = el("button.big.go", { type: "submit" }, _("Save measurement"));
  const changed = () => {
    keepFields(key, Object.fromEntries(controls.map(({ field, raw }) => [field.code, raw()])));
    say();
  };
  const controls = form.fields.map((field) => fieldControl(field, `form-${form.code}-${field.code}`, changed));
  for (const { field, restore } of controls) if (draft[field.code]) restore(draft[field.code]);

  const missing = () => controls.filter(({ field, read }) => field.required && read().value === null);
  function say() {
    const read = controls.map((control) => control.read());
    go.disabled = read.some(({ wrong }) => wrong) || read.every(({ value }) => value === null);
    text(failed, "");
  }

  function store(event) {
    event.preventDefault();
    if (go.disabled) return;
    const wanted = missing();
    if (wanted.length) {
      text(failed, _("Still to be filled in: %(fields)s", { fields: wanted.map(({ field }) => nameIn(field)).join(", ") }));
      return;
    }
    const filled = controls.map((control) => ({ field: control.field, ...control.read() })).filter(({ value }) => value !== null);
    keepFields(key, {});
    save(Object.fromEntries(filled.map(({ field, value }) => [field.code, value])), filled.map(({ field, value, verdict }) => itemOf(field, value, verdict)));
  }

  say();
  const { incident } = order;
  return el("form.screen.measure-screen", { novalidate: true, onsubmit: store },
    el("div.middle", {},
      el("p.kind-line", {}, [incidentTitle(incident), incident.address].filter(Boolean).join(" · ")),
      el("h2.title", {}, nameIn(form)), controls.map(({ node }) => node), failed),
    el("div.actions", {}, go,
      skip ? el("button.big", { type: "button", onclick: onSkip }, skip) : null,
      el("button.big.plain", { type: "button", onclick: back }, _("Back"))));
}
