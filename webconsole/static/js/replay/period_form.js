// Form of the period to replay, in the head of a crew's or the board's replay.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";

/** What `datetime-local` wants: local time without a zone, to the minute. */
function local(iso) {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** `told` is the period that is shown, or null where none could be. */
export function periodForm(told) {
  const field = (name, label) => el("label", {}, el("span", {}, label), el("input", { type: "datetime-local", name, required: true, value: told ? local(told[name]) : "" }));
  const form = el("form.period-form", {
    onsubmit: (event) => {
      event.preventDefault();
      const query = new URLSearchParams();
      for (const name of ["from", "to"]) query.set(name, new Date(form.elements[name].value).toISOString());
      location.assign(`${location.pathname}?${query}`);
    },
  }, field("from", _("From")), field("to", _("To")), el("button.secondary.small", { type: "submit" }, _("Show")));
  return form;
}
