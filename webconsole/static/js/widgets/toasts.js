// Toasts: short messages that can be undone, and refusals. Each goes by itself once it could be read.
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const MOST = 5;
const NOTE_S = 6;
const UNDO_S = 10;
const REFUSAL_S = 20;
const CHOICE_S = 45; // a refusal that offers another way
const RESTING_MS = 60_000; // a pointer left lying on a toast reads nothing any more
const node = () => document.getElementById("toasts");

function card(kind, message, { gone = () => {} } = {}) {
  const actions = el("div.toast-actions");
  const toast = el(`div.toast.${kind}`, {}, el("div.toast-text", {}, message), actions);
  const close = () => {
    if (!toast.isConnected) return;
    toast.remove();
    gone();
  };
  toast.addEventListener("dismiss", close);
  actions.append(el("button.quiet.close", { type: "button", "aria-label": _("Dismiss"), title: _("Dismiss"), onclick: close }, "×"));
  node().append(toast);
  makeRoom();
  return { toast, actions, close };
}

const dismiss = (toast) => toast.dispatchEvent(new Event("dismiss"));

/** Old news goes before an old refusal. */
function makeRoom() {
  const all = [...node().children];
  if (all.length > MOST) dismiss(all.find((toast) => !toast.classList.contains("refusal")) ?? all[0]);
}

/** Said again, a message stands once, with its time begun anew. */
function withdraw(kind, message) {
  for (const toast of [...node().querySelectorAll(`.toast.${kind}`)]) {
    if (toast.querySelector(".toast-text").textContent === message) dismiss(toast);
  }
}

/** Runs down a number of seconds, but not while the page is hidden, read, or about to be pressed. */
function runDown(toast, seconds, { tell = () => {}, end }) {
  let left = seconds;
  let touchedAt = performance.now();
  const touched = () => (touchedAt = performance.now());
  for (const kind of ["pointermove", "pointerdown", "keydown", "focusin"]) toast.addEventListener(kind, touched);
  const within = () => toast.matches(":hover") || toast.contains(document.activeElement);
  const held = () => within() && performance.now() - touchedAt < RESTING_MS;
  const ticking = setInterval(() => {
    if (!toast.isConnected) {
      clearInterval(ticking);
      return;
    }
    if (document.hidden || held()) return;
    left -= 1;
    tell(left);
    if (left > 0) return;
    clearInterval(ticking);
    end();
  }, 1000);
}

/** Good news with ten seconds to think better of it. `gone()`: it is not on the screen any more. */
export function undoToast(message, undo, { seconds = UNDO_S, gone } = {}) {
  const { toast, actions, close } = card("done", message, { gone });
  const count = el("span.count", { "aria-hidden": "true" }, String(seconds));
  actions.prepend(el("button.secondary", { type: "button", onclick: undo }, _("Undo"), " ", count));
  runDown(toast, seconds, { tell: (left) => text(count, String(left)), end: close });
  toast.dataset.undo = "";
  return close;
}

/** News; each choice is {label, act}. */
export function noteToast(message, { seconds = NOTE_S, choices = [] } = {}) {
  withdraw("note", message);
  const { toast, actions, close } = card("note", message);
  offer(actions, choices, close);
  runDown(toast, seconds, { end: close });
  return close;
}

/** A refusal stays longer than news, longest when it offers something; each choice is {label, act}. */
export function refusalToast(message, choices = []) {
  withdraw("refusal", message);
  const { toast, actions, close } = card("refusal", message);
  toast.setAttribute("role", "alert");
  offer(actions, choices, close);
  runDown(toast, choices.length ? CHOICE_S : REFUSAL_S, { end: close });
  return close;
}

function offer(actions, choices, close) {
  for (const choice of [...choices].reverse()) {
    actions.prepend(el("button.secondary", { type: "button", onclick: () => { close(); choice.act(); } }, choice.label));
  }
}
