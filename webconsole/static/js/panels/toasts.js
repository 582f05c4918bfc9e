// Short news that can be taken back, and refusals that wait to be read.
import { el, text } from "../dom.js";
import { _ } from "../i18n.js";

const node = () => document.getElementById("toasts");

function card(kind, message) {
  const actions = el("div.toast-actions");
  const toast = el(`div.toast.${kind}`, {}, el("div.toast-text", {}, message), actions);
  const close = () => toast.remove();
  actions.append(el("button.quiet.close", { type: "button", "aria-label": _("Dismiss"), onclick: close }, "×"));
  node().append(toast);
  return { toast, actions, close };
}

/** Good news with ten seconds to think better of it. */
export function undoToast(message, undo, { seconds = 10 } = {}) {
  const { toast, actions, close } = card("done", message);
  let left = seconds;
  const count = el("span.count", { "aria-hidden": "true" }, String(left));
  const button = el("button.secondary", { type: "button", onclick: () => { stop(); close(); undo(); } }, _("Undo"), " ", count);
  actions.prepend(button);
  const ticking = setInterval(() => {
    left -= 1;
    text(count, String(Math.max(0, left)));
    if (left <= 0) {
      stop();
      close();
    }
  }, 1000);
  const stop = () => clearInterval(ticking);
  toast.dataset.undo = "";
  return close;
}

export function noteToast(message, { seconds = 5 } = {}) {
  const { close } = card("note", message);
  setTimeout(close, seconds * 1000);
}

/** A refusal stays until it is answered; each choice is {label, act}. */
export function refusalToast(message, choices = []) {
  const { toast, actions, close } = card("refusal", message);
  toast.setAttribute("role", "alert");
  for (const choice of [...choices].reverse()) {
    actions.prepend(el("button.secondary", { type: "button", onclick: () => { close(); choice.act(); } }, choice.label));
  }
  return close;
}
