// At the desk: what will not work on the phones of a crew, under how it is reached.
import { get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { clock } from "../core/format.js";
import { troubleLabel } from "./trouble_labels.js";

/** The phones on which something will not work; empty where all is well. */
export function phoneCheckLines({ phones }) {
  return phones.filter(({ troubles }) => troubles.length).map(({ model, checked_at, troubles }) =>
    el("div.phone-troubles", {}, el("span.phone-model", {}, `${model || "?"} · ${clock(checked_at, { seconds: false })}`), el("ul", {}, troubles.map((code) => el("li", {}, troubleLabel(code))))));
}

/** Fill a node with them; a crew whose phones cannot be asked for now shows none. */
export async function drawPhoneChecks(node, crewId) {
  const lines = phoneCheckLines(await get(`/crews/${crewId}/phone-check`));
  fill(node, lines);
  node.hidden = lines.length === 0;
}
