// List of closures: in force, planned and past, with a button to lift each.
import { el, fill, keyed, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, select, state } from "../core/store.js";
import { loadClosures } from "../live/loading.js";
import { closureLabel, closureStateLabel, closureWhen } from "./closure_labels.js";
import { closureState } from "./closure_state.js";
import { lift } from "./closures.js";

const ORDER = { active: 0, planned: 1, over: 2 };
const SURE_MS = 5000;

export class ClosuresPanel {
  constructor(chosenId) {
    this.chosenId = chosenId;
    this.message = el("p.empty");
    this.list = el("ul.closures", { "aria-label": _("Road closures") });
    const begin = el("button.secondary", { type: "button", onclick: () => select("closing") }, _("Close roads"));
    this.node = el(
      "section.panel.closures-panel",
      {},
      el("header.panel-head", {}, el("h2", {}, _("Road closures")), begin,
        el("button.quiet.icon", { type: "button", "aria-label": _("Back to the overview"), title: _("Back to the overview"), onclick: () => select(null) }, "×")),
      el("div.scroll", {}, this.message, this.list),
    );
    this.stops = [on("closures", () => this.draw()), on("tick", () => this.draw())];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  draw() {
    const closures = [...state.closures.values()].sort(
      (a, b) => ORDER[closureState(a)] - ORDER[closureState(b)] || b.id - a.id,
    );
    this.#say(closures.length);
    keyed(this.list, closures, {
      key: (closure) => closure.id,
      create: (closure) => this.#row(closure),
      update: (row, closure) => this.#update(row, closure),
      frozen: this.list.matches(":hover"),
    });
  }

  #say(count) {
    const phase = count ? "" : state.loading.closures;
    this.message.hidden = count > 0;
    if (this.message.dataset.phase === phase) return;
    this.message.dataset.phase = phase;
    if (phase === "loading") fill(this.message, _("Loading the closures…"));
    else if (phase === "failed") fill(this.message, _("The closures could not be loaded."), " ", el("button.secondary", { type: "button", onclick: loadClosures }, _("Try again")));
    else fill(this.message, _("All roads are open, as far as we know."));
  }

  #row(closure) {
    const parts = {
      state: el("span.closure-state"),
      what: el("button.name", { type: "button", onclick: () => select("closures", closure.id) }),
      reason: el("div.reason"),
      when: el("div.when"),
      lift: el("button.secondary.small", { type: "button" }, _("Lift")),
    };
    const row = el("li.closure-row", { data: { closureId: closure.id } },
      el("div.body", {}, el("div.line", {}, parts.state, parts.what), parts.reason, parts.when), parts.lift);
    row.parts = parts;
    parts.lift.addEventListener("click", () => this.#lift(row));
    return row;
  }

  #update(row, closure) {
    const { parts } = row;
    const now = closureState(closure);
    row.closure = closure;
    row.dataset.state = now;
    row.classList.toggle("picked", closure.id === this.chosenId);
    text(parts.state, closureStateLabel(closure, now));
    text(parts.what, `#${closure.id} ${closureLabel(closure, { plain: true })}`);
    text(parts.reason, closure.lift_reason ? `${closure.reason} · ${closure.lift_reason}` : closure.reason);
    text(parts.when, closureWhen(closure));
    parts.lift.hidden = now === "over";
    parts.lift.setAttribute("aria-label", _("Lift closure #%(id)s", { id: closure.id }));
  }

  /** Opening a road by a slip of the hand sends crews into a trench: it takes two clicks. */
  async #lift(row) {
    const { lift: button } = row.parts;
    if (!row.sure) {
      row.sure = setTimeout(() => {
        row.sure = null;
        text(button, _("Lift"));
      }, SURE_MS);
      text(button, _("Reopen these roads?"));
      return;
    }
    clearTimeout(row.sure);
    row.sure = null;
    button.disabled = true;
    await lift(row.closure);
    button.disabled = false;
    text(button, _("Lift"));
  }
}
