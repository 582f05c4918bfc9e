// Runs commands by key. Never while somebody types: not in a field, not while Chinese characters
// are being composed, and not over an open dialog.
import { failed } from "../command_line/command_error.js";
import { allCommands, runCommand } from "../command_line/registry.js";
import { preferences } from "../core/preferences.js";
import { noteToast } from "../widgets/toasts.js";

const SEQUENCE_MS = 1200;
const TYPED = "input:not([type=checkbox], [type=radio], [type=range], [type=button]), textarea, select, [contenteditable=true]";
// A Chinese keyboard sends its own signs from the same keys.
const SAME_KEY = { "、": "/", "／": "/", "？": "?", "，": ",", "。": "." };

let begun = { keys: "", atMs: 0 };

/** A key as commands name it: "j", "?", "Ctrl+z", "Shift+ArrowUp". */
export function chord(event) {
  let { key } = event;
  key = SAME_KEY[key] ?? key;
  if (key === " ") key = "Space";
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (key.length > 1 && event.shiftKey) parts.push("Shift"); // "?" has its Shift in it already
  // With Caps Lock on, j is still j; a command for a capital names Shift.
  if (key.length === 1 && /[a-z]/i.test(key)) {
    if (event.shiftKey) parts.push("Shift");
    key = event.shiftKey ? key.toUpperCase() : key.toLowerCase();
  }
  return [...parts, key].join("+");
}

const typing = (event) => event.target instanceof Element && event.target.closest(TYPED) !== null;
const composing = (event) => event.isComposing || event.keyCode === 229;

/** Whether a key without Ctrl or Alt prints something. */
const isLetter = (pressed) => [...pressed].length === 1 || /^Shift\+.$/u.test(pressed);

function commandFor(keys) {
  return allCommands().find((command) => command.keys.includes(keys) && command.when());
}

const begins = (keys) => allCommands().some((command) => command.keys.some((each) => each.startsWith(`${keys} `)));

function pressed(event) {
  if (event.defaultPrevented || composing(event)) return;
  if (["Shift", "Control", "Alt", "Meta", "CapsLock", "Process", "Dead"].includes(event.key)) return;
  if (document.querySelector("dialog[open]")) return; // it has its own keys, Escape among them
  const key = chord(event);
  if (typing(event) && key !== "Escape") return;
  if (isLetter(key) && !preferences().letterKeys && key !== "?") return;
  const first = Date.now() - begun.atMs < SEQUENCE_MS ? `${begun.keys} ` : "";
  const command = commandFor(first + key) ?? (first ? commandFor(key) : undefined);
  if (event.repeat && !command?.repeats) {
    // A hand that rests on a key means it once; nor does the page scroll away under it.
    if (command) event.preventDefault();
    return;
  }
  if (!command && begins(key)) {
    begun = { keys: key, atMs: Date.now() };
    return;
  }
  begun = { keys: "", atMs: 0 };
  if (!command) return;
  event.preventDefault();
  Promise.resolve()
    .then(() => runCommand(command.id))
    .then((said) => typeof said === "string" && said && noteToast(said))
    .catch(failed);
}

/** Begin to listen. */
export function listenToKeys() {
  // On the window, so that whatever has a key for itself on the page comes first.
  window.addEventListener("keydown", pressed);
}
