// Building DOM elements. Built, never parsed: a caller's "<script>" stays text.

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

/** Put these nodes in, in this order; only what stands elsewhere is moved, and the focus stays. */
export function arrange(container, nodes) {
  const focused = document.activeElement;
  const kept = new Set(nodes);
  for (const child of [...container.children]) if (!kept.has(child)) child.remove();
  let cursor = container.firstElementChild;
  for (const node of nodes) {
    if (node === cursor) cursor = cursor.nextElementSibling;
    else container.insertBefore(node, cursor);
  }
  refocus(focused);
}

/** A moved node loses the keyboard's place; give it back. */
export function refocus(focused) {
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

/** The order that is on the screen, what is new behind it. `wanted` and the answer are keys. */
export function sameOrder(wanted, shown) {
  const place = new Map(shown.map((key, index) => [key, index]));
  const at = (key, index) => place.get(key) ?? shown.length + index;
  return wanted.map((key, index) => [key, at(key, index)]).sort((a, b) => a[1] - b[1]).map(([key]) => key);
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
  const shown = new Map([...rows].map(([id, row]) => [row, id]));
  for (const id of [...rows.keys()]) if (!wanted.has(id)) rows.delete(id);
  let order = [...wanted.keys()];
  if (frozen) order = sameOrder(order, [...container.children].map((row) => shown.get(row)).filter((id) => wanted.has(id)));
  const nodes = order.map((id) => {
    if (!rows.has(id)) rows.set(id, create(wanted.get(id)));
    return rows.get(id);
  });
  arrange(container, nodes);
  for (const [index, id] of order.entries()) update(nodes[index], wanted.get(id));
}
