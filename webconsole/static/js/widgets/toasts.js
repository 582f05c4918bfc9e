// Toasts: short messages that can be undone, and refusals that wait to be read.
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const MOST = 5;
const node = () => document.getElementById("toasts");

function card(kind, message, { gone = () => {} } = {}) {
  const actions = el("div.toast-actions");
  const toast = el(`div.toast.${kind}`, {}, el("div.toast-text", {}, message), actions);
  const close = () => {
    if (!toast.isConnected) return;
    toast.remove();
    gone();
  };
  actions.append(el("button.quiet.close", { type: "button", "aria-label": _("Dismiss"), onclick: close }, "×"));
  node().append(toast);
  // Old news goes first; a refusal stays until it is answered.
  const news = [...node().querySelectorAll(".toast:not(.refusal)")];
  if (news.length > MOST) news[0].querySelector(".close").click();
  return { toast, actions, close };
}

/** Runs down a number of seconds, but not while somebody is reading or about to press. */
function runDown(toast, seconds, { tell = () => {}, end }) {
  let left = seconds;
  const ticking = setInterval(() => {
    if (!toast.isConnected) {
      clearInterval(ticking);
      return;
    }
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    tell(left);
    if (left > 0) return;
    clearInterval(ticking);
    end();
  }, 1000);
}

/** Good news with ten seconds to think better of it. `gone()`: it is not on the screen any more. */
export function undoToast(message, undo, { seconds = 10, gone } = {}) {
  const { toast, actions, close } = card("done", message, { gone });
  const count = el("span.count", { "aria-hidden": "true" }, String(seconds));
  actions.prepend(el("button.secondary", { type: "button", onclick: undo }, _("Undo"), " ", count));
  runDown(toast, seconds, { tell: (left) => text(count, String(left)), end: close });
  toast.dataset.undo = "";
  return close;
}

/** News; each choice is {label, act}. */
export function noteToast(message, { seconds = 5, choices = [] } = {}) {
  const { toast, actions, close } = card("note", message);
  offer(actions, choices, close);
  runDown(toast, seconds, { end: close });
  return close;
}

/** A refusal stays until it is answered; each choice is {label, act}. */
export function refusalToast(message, choices = []) {
  const { toast, actions, close } = card("refusal", message);
  toast.setAttribute("role", "alert");
  offer(actions, choices, close);
  return close;
}

function offer(actions, choices, close) {
  for (const choice of [...choices].reverse()) {
    actions.prepend(el("button.secondary", { type: "button", onclick: () => { close(); choice.act(); } }, choice.label));
  }
}
