// The mark of a clock: sign and words in one line that ticks; quiet until the warning.
import { el, text } from "../core/dom.js";
import { clockLook, clockTitle } from "./pledge_clock.js";

export function pledgeMark() {
  const parts = { sign: el("span.sign", { "aria-hidden": "true" }), words: el("span") };
  const node = el("span.pledge", { hidden: true }, parts.sign, " ", parts.words);
  node.parts = parts;
  return node;
}

/** Every second; hides itself where there is no clock. */
export function drawMark(node, clock) {
  node.hidden = !clock;
  if (!clock) return;
  const { look, sign, words } = clockLook(clock);
  if (node.dataset.look !== look) node.dataset.look = look;
  text(node.parts.sign, sign);
  text(node.parts.words, words);
  const title = clockTitle(clock);
  if (node.title !== title) node.title = title;
}
