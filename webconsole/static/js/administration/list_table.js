// The rows of a list: heads that order it, boxes that choose, a button that opens each; cards on a phone.
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

export class ListTable {
  /**
   * `columns`: {name, label, sort, cell(row)}; the first one opens a row. `open(row)`, `actions(row)`
   * → [{label, act}], `sorted(name)`, `chosen`: a Set of ids; `choosing()`: it changed.
   */
  constructor({ columns, id, rowName, open, actions, sorted, chosen, choosing }) {
    Object.assign(this, { columns, id, rowName, open, actions, sorted, chosen, choosing });
    this.rows = [];
    this.body = el("tbody");
    this.all = el("input", { type: "checkbox", "aria-label": _("Choose all on this page"), onchange: () => this.#chooseAll() });
    this.heads = new Map(columns.map((column) => [column.name, this.#head(column)]));
    const boxes = this.choosing ? el("th.box", { scope: "col" }, this.all) : null;
    const acts = this.actions ? el("th", { scope: "col" }, el("span.off-screen", {}, _("Actions"))) : null;
    this.node = el("table.list", {}, el("thead", {}, el("tr", {}, boxes, [...this.heads.values()], acts)), this.body);
  }

  #head({ name, label, sort }) {
    if (!sort) return el("th", { scope: "col" }, label);
    return el("th", { scope: "col" }, el("button.quiet.sort", { type: "button", data: { key: `sort:${name}` }, onclick: () => this.sorted(name) }, label, el("span.direction", { "aria-hidden": "true" })));
  }

  draw(rows, sort) {
    this.rows = rows;
    for (const [name, head] of this.heads) {
      const direction = sort === name ? "ascending" : sort === `-${name}` ? "descending" : null;
      if (direction) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
      const sign = head.querySelector(".direction");
      if (sign) text(sign, direction === "ascending" ? " ▲" : direction === "descending" ? " ▼" : "");
    }
    const focused = document.activeElement?.dataset?.key;
    fill(this.body, rows.map((row) => this.#row(row)));
    this.drawChoice();
    if (focused) this.focusOn(focused);
  }

  focusOn(key) {
    const found = [...this.node.querySelectorAll("[data-key]")].find((each) => each.dataset.key === key);
    found?.focus();
    return Boolean(found);
  }

  #row(row) {
    const id = this.id(row);
    const box = this.choosing ? el("td.box", {}, el("input", { type: "checkbox", "aria-label": _("Choose %(name)s", { name: this.rowName(row) }), data: { key: `${id}:box` }, onchange: ({ target }) => {
      if (target.checked) this.chosen.add(id);
      else this.chosen.delete(id);
      this.choosing();
    } })) : null;
    const cells = this.columns.map((column, place) => {
      const content = column.cell ? column.cell(row) : row[column.name];
      const shown = content === null || content === undefined || content === "" ? "–" : content;
      if (place > 0) return el("td", { data: { label: column.label } }, shown);
      return el("th", { scope: "row" }, this.open ? el("button.quiet.name", { type: "button", data: { key: `${id}:open` }, onclick: () => this.open(row) }, shown) : shown);
    });
    const actions = this.actions?.(row) ?? [];
    const acts = this.actions ? el("td.acts", {}, actions.map(({ label, act }) => el("button.secondary.small", { type: "button", "aria-label": `${label}: ${this.rowName(row)}`, data: { key: `${id}:${label}` }, onclick: () => act(row) }, label))) : null;
    const node = el("tr", { data: { id } }, box, cells, acts);
    node.dataset.chosen = String(this.chosen.has(id));
    return node;
  }

  drawChoice() {
    if (!this.choosing) return;
    let here = 0;
    for (const [place, node] of [...this.body.children].entries()) {
      const isChosen = this.chosen.has(this.id(this.rows[place]));
      here += isChosen;
      node.dataset.chosen = String(isChosen);
      node.querySelector(".box input").checked = isChosen;
    }
    this.all.checked = here > 0 && here === this.rows.length;
    this.all.indeterminate = here > 0 && here < this.rows.length;
  }

  #chooseAll() {
    for (const row of this.rows) {
      if (this.all.checked) this.chosen.add(this.id(row));
      else this.chosen.delete(this.id(row));
    }
    this.choosing();
  }
}
