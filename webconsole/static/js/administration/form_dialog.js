// A form in a dialog that gives up nothing that was typed: leaving it asks first, and so does the browser.
import { ApiError } from "../core/api.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { makeField } from "./controls.js";
import { showFieldErrors } from "./field_errors.js";

const SOON_MS = 600;
const plain = (value) => (value instanceof File ? `${value.name} ${value.size}` : value);
const fingerprint = (values) => JSON.stringify(values, (_key, value) => plain(value));

/**
 * Ask for a record's fields.
 *
 * `send(values, changed)` stores them and may return what is to be done next, called once the dialog
 * is closed; `changed` are those that differ from what was there. `closed()`: to give the focus back.
 */
export async function formDialog({ title, help = [], fields, record = {}, save = _("Save"), send, closed = () => {}, readOnly = false, extra = null }) {
  const made = fields.map((spec) => makeField(spec));
  const below = el("p.form-error", { role: "alert", tabindex: "-1" });
  const leaving = el("div.leaving", { role: "alert", hidden: true });
  const heading = el("h2", { id: "form-dialog-title", tabindex: "-1" }, title);
  const submit = el("button.primary", { type: "submit" }, save);
  const cancel = el("button.secondary", { type: "button", onclick: () => leave() }, readOnly ? _("Close") : _("Cancel"));
  const waits = el("span.waits", { role: "status" });
  const form = el("form", { novalidate: true, onsubmit: (event) => store(event) },
    help.map((sentence) => el("p.told", {}, sentence)),
    el("div.form-fields", {}, made.map(({ node }) => node)), extra, below,
    el("div.form-actions", {}, readOnly ? null : submit, cancel, waits), leaving);
  const node = el("dialog.form-dialog", { "aria-labelledby": heading.id },
    el("header.dialog-head", {}, heading, el("button.quiet.icon", { type: "button", "aria-label": _("Close"), onclick: () => leave() }, "×")), form);

  const read = () => Object.assign({}, ...made.map((each) => each.read()));
  let before = {};
  let next = null;
  const isChanged = () => !readOnly && fingerprint(read()) !== fingerprint(before);
  const guard = (event) => isChanged() && event.preventDefault();

  function leave() {
    if (!isChanged()) return node.close();
    if (!leaving.hidden) return undefined;
    const stay = el("button.secondary.small", { type: "button", onclick: () => {
      leaving.hidden = true;
      submit.focus();
    } }, _("Go on editing"));
    fill(leaving, el("span", {}, _("What you changed is not saved.")), stay, el("button.secondary.small", { type: "button", onclick: () => node.close() }, _("Discard it")));
    leaving.hidden = false;
    stay.focus();
    return undefined;
  }

  async function store(event) {
    event.preventDefault();
    if (submit.disabled || readOnly) return;
    submit.disabled = true;
    showFieldErrors(form, below, {});
    const late = setTimeout(() => text(waits, _("Being stored …")), SOON_MS); // a file takes its time
    const values = read();
    const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => fingerprint(value) !== fingerprint(before[name])));
    try {
      next = (await send(values, changed)) ?? null;
      before = read();
      node.close();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const rows = (error.problem.rows ?? []).slice(0, 20).map(({ id, name, detail }) => el("li", {}, `${name ?? id}: ${detail}`));
      showFieldErrors(form, below, error.fields, rows.length ? [error.message, el("ul", {}, rows)] : error.message);
    } finally {
      clearTimeout(late);
      text(waits, "");
      submit.disabled = false;
    }
  }

  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // a second Escape would close it, whatever "cancel" is told
    event.stopPropagation();
    leave();
  });
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  node.addEventListener("click", (event) => event.target === node && leave());
  node.addEventListener("close", () => {
    window.removeEventListener("beforeunload", guard);
    node.remove();
    closed();
    next?.();
  });
  window.addEventListener("beforeunload", guard);
  document.body.append(node);
  for (const each of made) each.write(record);
  await Promise.all(made.map(({ ready }) => ready));
  for (const each of made) if (readOnly) for (const control of each.node.querySelectorAll("input, select, textarea, button")) control.disabled = true;
  before = read();
  node.showModal();
  (form.querySelector("input:not(:disabled), select:not(:disabled), textarea:not(:disabled)") ?? heading).focus();
  return { node, close: () => node.close() };
}

/** Ask whether to do something that cannot be undone. `act()` does it. */
export function confirmDialog({ title, sentence, yes, act, closed }) {
  return formDialog({ title, help: [sentence], fields: [], save: yes, send: act, closed });
}
