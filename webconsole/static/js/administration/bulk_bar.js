// What can be done to the rows that were chosen: all of them, or none and why.
import { el, text } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { formDialog } from "./form_dialog.js";

const MOST = 10000;

export class BulkBar {
  /**
   * `bulk`: [{label, fields, help, send(ids, values)}]; `chosen`: a Set of ids; `found()` how many rows
   * there are in all, `allIds()` theirs; `changed()`: something was done; `choosing()`: the choice changed.
   */
  constructor({ bulk, chosen, found, allIds, changed, choosing }) {
    Object.assign(this, { bulk, chosen, found, allIds, changed, choosing });
    this.count = el("strong", { role: "status" });
    this.all = el("button.quiet.small", { type: "button", onclick: () => this.#chooseAll() });
    const none = el("button.quiet.small", { type: "button", onclick: () => {
      this.chosen.clear();
      this.choosing();
    } }, _("Choose none"));
    const acts = bulk.map((each) => el("button.secondary.small", { type: "button", onclick: () => this.#ask(each) }, each.label));
    this.node = el("div.bulk", { hidden: true, role: "region", "aria-label": _("What was chosen") }, this.count, this.all, none, acts);
  }

  draw() {
    const n = this.chosen.size;
    this.node.hidden = n === 0;
    text(this.count, ngettext("One chosen", "%(n)s chosen", n));
    this.all.hidden = n >= this.found() || this.found() > MOST;
    text(this.all, _("Choose all %(n)s found", { n: this.found() }));
  }

  async #chooseAll() {
    this.all.disabled = true;
    try {
      for (const id of await this.allIds()) this.chosen.add(id);
    } finally {
      this.all.disabled = false;
      this.choosing();
    }
  }

  #ask({ label, fields = [], help = [], send }) {
    const ids = [...this.chosen];
    const sentence = ngettext("One row is changed.", "%(n)s rows are changed: all of them, or none if one cannot be.", ids.length);
    return formDialog({ title: label, help: [sentence, ...help], fields, save: label, send: async (values) => {
      await send(ids, values);
      this.chosen.clear();
      this.choosing();
      return this.changed;
    } });
  }
}
