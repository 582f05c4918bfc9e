// A field that is a list of small records: holidays of a calendar, roles of a plan. Each has its own fields.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";

export function rowsControl(spec, id, makeField) {
  const list = el("ol.sub-rows", { id, tabindex: "-1" });
  const rows = [];

  const renumber = () => rows.forEach((row, place) => {
    for (const { spec: { name }, node } of row.fields) {
      for (const error of node.querySelectorAll("[data-field]")) error.dataset.field = `${spec.name}.${place}.${name}`;
    }
  });

  function add(record) {
    const fields = spec.fields.map((each) => makeField(each));
    const row = { fields, node: null };
    const remove = el("button.quiet.icon", { type: "button", "aria-label": _("Remove"), onclick: () => {
      rows.splice(rows.indexOf(row), 1);
      row.node.remove();
      renumber();
      list.dispatchEvent(new Event("input", { bubbles: true }));
      more.focus();
    } }, "×");
    row.node = el("li.sub-row", {}, fields.map(({ node }) => node), remove);
    for (const each of fields) each.write(record);
    rows.push(row);
    list.append(row.node);
    renumber();
    return row;
  }

  const more = el("button.secondary.small", { type: "button", onclick: () => {
    const row = add(spec.blank ?? {});
    row.node.querySelector("input, select, textarea")?.focus();
    list.dispatchEvent(new Event("input", { bubbles: true }));
  } }, spec.add ?? _("Add"));

  const clear = () => {
    rows.splice(0);
    list.replaceChildren();
  };
  return {
    control: list,
    body: el("div", {}, list, more),
    ready: Promise.resolve(),
    read: () => rows.map(({ fields }) => Object.assign({}, ...fields.map((each) => each.read()))),
    write: (records) => {
      clear();
      for (const record of records ?? []) add(record);
    },
  };
}
