// Choice of an incident's kind: every kind in sight, by utility, each with a key. None is chosen
// until somebody chooses: a kind left over from the caller before is a mistake that looks right.
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { kindName, utilityLabel } from "../core/labels.js";
import { preferences } from "../core/preferences.js";

const KEYS = "1234567890qertyioxvb"; // no letter that means something else beside a form
const TYPED = "input:not([type=radio]), textarea, select, [contenteditable=true]";

/** Whether a key pressed now goes into something that is written in. */
export const isTyping = (event) => event.target instanceof Element && event.target.closest(TYPED) !== null;

export class KindChoice {
  /** `chosen`: its code, or null; `changed()` is called when somebody chooses. */
  constructor({ chosen = null, changed }) {
    this.inputs = new Map();
    this.changed = changed;
    this.node = el("div.kind-choice", { id: "pin-kind", role: "radiogroup", tabindex: "-1", "aria-labelledby": "pin-kind-label", "aria-describedby": "pin-kind-error" }, this.#groups());
    this.value = chosen;
    this.listener = (event) => this.#pressed(event);
    document.addEventListener("keydown", this.listener);
  }

  close() {
    document.removeEventListener("keydown", this.listener);
  }

  get value() {
    return [...this.inputs].find(([, input]) => input.checked)?.[0] ?? null;
  }

  set value(code) {
    for (const [each, input] of this.inputs) input.checked = each === code;
  }

  /** The keyboard stands in the group, and nothing is chosen by that. */
  focus() {
    const at = this.inputs.get(this.value) ?? this.node;
    at.focus();
  }

  #groups() {
    const kinds = boot.kinds ?? [];
    const utilities = [...new Set(kinds.map(({ utility }) => utility))];
    return utilities.map((utility) =>
      el("div.kind-group", { role: "group", "aria-label": utilityLabel(utility) },
        el("span.utility", { "aria-hidden": "true" }, utilityLabel(utility)),
        kinds.filter((kind) => kind.utility === utility).map((kind) => this.#choice(kind, KEYS[kinds.indexOf(kind)]))));
  }

  #choice({ code }, key) {
    const input = el("input", { type: "radio", name: "kind", id: `pin-kind-${code}`, value: code, onchange: () => this.changed() });
    this.inputs.set(code, input);
    return el("label.kind", { for: input.id, data: { kind: code } }, input, el("span", {}, key ? el("kbd", { "aria-hidden": "true" }, key.toUpperCase()) : null, kindName(code)));
  }

  /** A key chooses wherever the keyboard stands, except where something is written. */
  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return;
    if (!preferences().letterKeys || document.querySelector("dialog[open]")) return;
    // By its place on the keyboard where it is a digit: some layouts have other signs there.
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    const index = KEYS.indexOf(digit ?? event.key.toLowerCase());
    const kind = index < 0 ? undefined : boot.kinds?.[index];
    if (!kind) return;
    event.preventDefault();
    this.value = kind.code;
    this.inputs.get(kind.code).focus();
    this.changed();
  }
}
