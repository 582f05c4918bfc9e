// Form fields, each with a line for its error.
import { el, fill, text } from "../core/dom.js";

/** A control under its label; what is wrong stands below, and is read aloud with the control. */
export function field(control, label, below = null) {
  const error = el("span.field-error", { id: `${control.id}-error` });
  control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), error.id].filter(Boolean).join(" "));
  return el("div.field", {}, el("label", { for: control.id }, label), control, below, error);
}

/**
 * Show what the server refused: at the field of its name, else in `below`; `message` where no field
 * is to blame. A control named `words` has an id that ends in "-words", its error "-words-error".
 */
export function showErrors(form, below, fields, message = "") {
  const rest = { ...fields };
  for (const node of form.querySelectorAll(".field-error")) {
    const control = node.id.replace(/-error$/, "");
    const name = control.slice(control.indexOf("-") + 1);
    text(node, rest[name] ?? "");
    form.querySelector(`[id="${control}"]`)?.setAttribute("aria-invalid", String(Boolean(rest[name])));
    delete rest[name];
  }
  fill(below, Object.values(rest).join("; ") || (Object.keys(fields).length ? "" : message));
}
