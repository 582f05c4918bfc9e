// "Sound is off until you touch here": shown while the browser keeps the page silent. Any touch will
// do; this says so, large enough to be seen before the first order and not only by its silence.
import { el, svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const speaker = () => svg("svg", { viewBox: "0 0 48 48", "aria-hidden": "true" },
  svg("path", { d: "M6 18v12h8l11 9V9l-11 9H6zM33 18l10 12M43 18 33 30" }));

export class SoundGate {
  constructor() {
    this.node = el("button.sound-gate", { type: "button", hidden: true }, speaker(),
      el("span", {}, el("b", {}, _("Sound is off until you touch here")), el("span.why", {}, _("Until then nothing can ring on this phone."))));
  }

  /** `large` where nothing else is on the screen. */
  draw({ muted, large }) {
    this.node.hidden = !muted;
    this.node.classList.toggle("large", large);
  }
}
