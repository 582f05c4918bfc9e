// A short table above a subject's list: what the list stands under, such as the rules or the providers.
import { ApiError } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { refusalToast } from "../widgets/toasts.js";
import { ListTable } from "./list_table.js";

export class TableSection {
  /** `rows()` fetches them; `open(row)` shows one; `none`: the sentence in place of an empty table; `listTitle`: of the list below. */
  constructor({ title, listTitle, rows, columns, id, rowName, open = null, none = "" }) {
    Object.assign(this, { rows, none });
    this.table = new ListTable({ columns, id, rowName, open, actions: null, sorted: () => {}, chosen: new Set(), choosing: null });
    this.room = el("div.table-room");
    this.node = el("section.above-list", {}, el("h2", {}, title), this.room, el("h2", {}, listTitle));
  }

  async load() {
    try {
      const rows = await this.rows();
      this.table.draw(rows, "");
      fill(this.room, rows.length ? this.table.node : el("p.told", {}, this.none));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.whole);
    }
  }

  /** The focus goes back to the row that was opened. */
  focusOn(row) {
    this.table.focusOn(`${row}:open`);
  }
}
