// The column of tool buttons on the map. Knows nothing of Leaflet; each tool adds its own.
import { el, svg } from "../../core/dom.js";
import { _ } from "../../core/i18n.js";

const tools = new Map();

/** The column, made when the first tool comes; clicks in it are not clicks on the map. */
function column() {
  const there = document.getElementById("map-tools");
  if (there) return there;
  const stage = document.getElementById("map")?.parentElement ?? document.body;
  const node = el("div.map-tools", { id: "map-tools", role: "group", "aria-label": _("Map") });
  stage.append(node);
  return node;
}

/** A node as it is, or the outline of a 24-pixel icon as path data. */
function drawn(icon) {
  if (icon instanceof Node) return icon;
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, ...[icon].flat().map((d) => svg("path", { d })));
}

/**
 * Add a button to the map's column; one of the same `id` is replaced.
 *
 * `label`: what it does, in the reader's language. `icon`: path data for a 24 × 24 box (one or
 * several, drawn as strokes) or a node. `run(event)`: what a click does. `pressed()`: for tools
 * that are on or off. `enabled()`: for tools that sometimes have nothing to do. `group`: tools of
 * one group stand together; "view" comes first. Returns {node, refresh, remove}: call `refresh`
 * when what `pressed` or `enabled` tell has changed otherwise than by the click.
 */
export function addTool({ id, label, icon, run, pressed = null, enabled = null, group = "tools" }) {
  tools.get(id)?.remove();
  const inactive = () => node.getAttribute("aria-disabled") === "true";
  const node = el(
    "button.map-tool",
    {
      type: "button",
      id: `tool-${id}`,
      title: label,
      "aria-label": label,
      onclick: (event) => {
        if (inactive()) return; // not `disabled`: the keyboard's place must not be lost
        run(event);
        refresh();
      },
    },
    drawn(icon),
  );
  const refresh = () => {
    if (pressed) node.setAttribute("aria-pressed", String(Boolean(pressed())));
    if (enabled) node.setAttribute("aria-disabled", String(!enabled()));
  };
  refresh();
  place(node, group);
  const tool = {
    node,
    refresh,
    remove: () => {
      node.remove();
      if (tools.get(id) === tool) tools.delete(id);
    },
  };
  tools.set(id, tool);
  return tool;
}

function place(node, group) {
  const parent = column();
  let box = [...parent.children].find((child) => child.dataset.group === group);
  if (!box) {
    box = el("div.map-tool-group", { data: { group } });
    if (group === "view") parent.prepend(box);
    else parent.append(box);
  }
  box.append(node);
}
