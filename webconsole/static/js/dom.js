// Elements are built, never parsed: a caller's "<script>" stays eight letters and two brackets.

const SVG = "http://www.w3.org/2000/svg";

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value") node.value = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
}

/** An HTML element: `el("button.primary", {type: "button", onclick}, "Send")`. */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  setAttributes(node, attributes);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An SVG element, the same way. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  setAttributes(node, attributes);
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** Put new children in, and leave the document alone where nothing changed. */
export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** Write text only when it differs: selections and screen readers are not disturbed. */
export function text(node, value) {
  const wanted = String(value ?? "");
  if (node.textContent !== wanted) node.textContent = wanted;
}

/**
 * Keep one child per item, in order, reusing the nodes that are there.
 *
 * `frozen` keeps the order that is on the screen (new items go to the end): a row under the
 * pointer must not move away from the click that is on its way.
 */
export function keyed(container, items, { key, create, update, frozen = false }) {
  const rows = (container.keyedRows ??= new Map());
  const wanted = new Map(items.map((item) => [key(item), item]));
  for (const [id, row] of rows) {
    if (!wanted.has(id)) {
      row.remove();
      rows.delete(id);
    }
  }
  let order = [...wanted.keys()];
  if (frozen) {
    const place = new Map([...rows.keys()].map((id) => [id, [...container.children].indexOf(rows.get(id))]));
    order = order
      .map((id, index) => [id, place.get(id) ?? 1e6 + index])
      .sort((a, b) => a[1] - b[1])
      .map(([id]) => id);
  }
  let cursor = container.firstElementChild;
  for (const id of order) {
    let row = rows.get(id);
    if (!row) {
      row = create(wanted.get(id));
      rows.set(id, row);
    }
    if (row === cursor) cursor = cursor.nextElementSibling;
    else container.insertBefore(row, cursor);
    update(row, wanted.get(id));
  }
}
