// Button that copies exact text for another program: coordinates, an address.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { noteToast } from "./toasts.js";

/** Browsers keep the clipboard to https; a selection works on any page. */
function bySelection(words) {
  const field = el("textarea.off-screen", { readonly: true, "aria-hidden": "true", value: words });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

export async function copy(words) {
  let done = false;
  try {
    await navigator.clipboard.writeText(words);
    done = true;
  } catch {
    done = bySelection(words);
  }
  noteToast(done ? _("Copied: %(what)s", { what: words }) : _("Could not be copied: %(what)s", { what: words }));
}

/** A small button that copies what `words()` says at that moment. */
export function copyButton(label, words) {
  return el("button.quiet.small.copy", { type: "button", title: label, "aria-label": label, onclick: () => copy(words()) }, _("Copy"));
}
