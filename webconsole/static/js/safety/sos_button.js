// The SOS button: held for two seconds, so that no glove presses it by mistake.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const HOLD_MS = 2000;
const PRESSES = new Set(["Enter", " "]);

/** `raise()` once it was held long enough. */
export function sosButton(raise) {
  let timer = null;
  const button = el("button.sos", { type: "button" }, el("b", {}, "SOS"), " ", el("span", {}, _("hold 2 s")));
  const begin = () => {
    if (timer !== null) return;
    button.classList.add("held");
    timer = setTimeout(() => {
      end();
      if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([300, 100, 300]);
      raise();
    }, HOLD_MS);
  };
  const end = () => {
    clearTimeout(timer);
    timer = null;
    button.classList.remove("held");
  };
  button.addEventListener("pointerdown", begin);
  for (const kind of ["pointerup", "pointercancel", "pointerleave", "blur", "keyup"]) button.addEventListener(kind, end);
  button.addEventListener("keydown", (event) => PRESSES.has(event.key) && begin());
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  return button;
}
