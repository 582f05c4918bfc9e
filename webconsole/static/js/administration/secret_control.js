// A secret: typed or made here, shown while the form is open, and never again.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { copyButton } from "../widgets/copy_button.js";

const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
const LENGTH = 40;

function random() {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH * 2));
  const fair = 256 - (256 % LETTERS.length);
  const letters = [...bytes].filter((byte) => byte < fair).map((byte) => LETTERS[byte % LETTERS.length]);
  return letters.slice(0, LENGTH).join("");
}

export function secretControl(spec, id) {
  const control = el("input", { id, type: "text", autocomplete: "off", spellcheck: "false", placeholder: spec.placeholder, required: spec.required });
  const make = el("button.secondary.small", { type: "button", onclick: () => {
    control.value = random();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.focus();
    control.select();
  } }, _("Make one"));
  const body = el("div.secret", {}, control, make, copyButton(_("Copy the secret"), () => control.value));
  return { control, body, read: () => control.value.trim() || null, write: () => (control.value = "") };
}
