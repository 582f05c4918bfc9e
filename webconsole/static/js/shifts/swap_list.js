// Swaps of shifts between crews: what is open first, with what one may do.
import { ApiError, get, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { dayLabel, shiftLabel, swapLabel } from "./shift_labels.js";

const OPEN = ["asked", "agreed"];
const SHOWN = 20;
const shiftWords = (shift) => `${dayLabel(shift.day)} ${shiftLabel(shift)}`;

/** "Alpha gives Sat 7 Nov 22:00–06:00 Night to Bravo, for …" */
export function swapSentence({ crew_name, with_crew_name, shift, for_shift }) {
  const names = { crew: crew_name, other: with_crew_name, shift: shiftWords(shift) };
  return for_shift ? _("%(crew)s gives %(shift)s to %(other)s, for %(other_shift)s", { ...names, other_shift: shiftWords(for_shift) }) : _("%(crew)s gives %(shift)s to %(other)s", names);
}

/** What the one at this page may do; the server knows better and refuses the rest. */
function steps(swap) {
  const own = (crewId) => boot.may_plan || boot.crew_id === crewId;
  const all = [
    ["agree", _("Agree"), swap.state === "asked" && own(swap.with_crew_id)],
    ["approve", _("Approve"), swap.state === "agreed" && boot.may_approve],
    ["decline", _("Decline"), OPEN.includes(swap.state) && boot.crew_id === swap.with_crew_id],
    ["withdraw", _("Ask no longer"), OPEN.includes(swap.state) && own(swap.crew_id)],
    ["refuse", _("Refuse"), OPEN.includes(swap.state) && boot.may_approve],
  ];
  return all.filter(([, , may]) => may);
}

export class SwapRow {
  constructor(swap, changed) {
    this.error = el("span.form-error", { role: "alert" });
    const act = async (step) => {
      text(this.error, "");
      try {
        await post(`/swaps/${swap.id}/${step}`, {});
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        text(this.error, error.whole);
        return;
      }
      await changed();
    };
    const who = [swap.asked_by, swap.answered_by, swap.decided_by].filter(Boolean).join(" → ");
    const sentence = swapSentence(swap);
    this.node = el("li.swap", { data: { state: swap.state } },
      el("span.swap-words", {}, sentence, el("span.told", {}, [swapLabel(swap.state), who, swap.reason, swap.decision_reason].filter(Boolean).join(" · "))),
      el("span.swap-acts", {}, steps(swap).map(([step, label], number) => el(`button.${number ? "secondary" : "primary"}.small`, { type: "button", "aria-label": `${label}: ${sentence}`, onclick: () => act(step) }, label))), this.error);
  }
}

export class SwapList {
  constructor(node, { changed }) {
    this.node = node;
    this.changed = changed;
  }

  async load() {
    try {
      const { swaps } = await get("/swaps");
      const shown = [...swaps.filter(({ state }) => OPEN.includes(state)), ...swaps.filter(({ state }) => !OPEN.includes(state))].slice(0, SHOWN);
      fill(this.node, el("h2", {}, _("Swaps")),
        shown.length ? el("ul.swap-list", {}, shown.map((swap) => new SwapRow(swap, this.changed).node)) : el("p.told", {}, _("Nobody has asked for a swap.")));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(this.node, el("p.form-error", { role: "alert" }, error.message));
    }
  }
}
