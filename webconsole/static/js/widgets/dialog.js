// Dialogs: the browser's own, so that Escape, focus and what lies behind are right.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";

/**
 * Show one. Returns {node, close}; it is gone from the page once it is closed.
 *
 * A dialog that is open already comes down first: one thing at a time.
 */
export function showDialog(className, { title, body, closed = () => {} }) {
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  const heading = el("h2", { id: `${className}-title`, tabindex: "-1" }, title);
  const close = () => node.close();
  const node = el(
    `dialog.${className}`,
    { "aria-labelledby": heading.id },
    el("header.dialog-head", {}, heading, el("button.quiet.icon", { type: "button", "aria-label": _("Close"), onclick: close }, "×")),
    body,
  );
  node.addEventListener("click", (event) => {
    if (event.target === node) close(); // beside it, on what lies behind
  });
  node.addEventListener("close", () => {
    node.remove();
    closed();
  });
  document.body.append(node);
  node.showModal();
  return { node, close };
}
