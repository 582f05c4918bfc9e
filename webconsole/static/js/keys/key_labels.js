// How keys are written: in the sheet, in tooltips, and for assistive technology.
import { commandOf } from "../command_line/registry.js";
import { _ } from "../core/i18n.js";

const NAMES = {
  Escape: () => "Esc",
  Enter: () => "Enter",
  Space: () => _("Space"),
  ArrowUp: () => "↑",
  ArrowDown: () => "↓",
  ArrowLeft: () => "←",
  ArrowRight: () => "→",
};

/** "Ctrl+z" as ["Ctrl", "Z"]; "g q" as ["G", "Q"]. */
export function caps(keys) {
  return keys.split(" ").flatMap((each) => {
    const parts = each === "+" ? ["+"] : each.split("+");
    return parts.map((part) => NAMES[part]?.() ?? (part.length === 1 ? part.toUpperCase() : part));
  });
}

/** The command's keys as aria-keyshortcuts wants them: "J", "Control+Z". Sequences have no form there. */
export const ariaKeys = (command) =>
  command.keys.filter((keys) => !keys.includes(" ")).map((keys) => keys.replace("Ctrl", "Control").replace(/(^|\+)([a-z])$/u, (_all, plus, key) => plus + key.toUpperCase())).join(" ");

/**
 * Say a command's key in the tooltip of what does the same. Elements carry `data-command="id"`;
 * they are told when they are pointed at or reached, so that it does not matter who made them when.
 */
export function tellKeys() {
  const tellOne = ({ target }) => {
    const node = target instanceof Element ? target.closest("[data-command]") : null;
    const command = node && commandOf(node.dataset.command);
    if (!command?.keys.length) return;
    node.setAttribute("aria-keyshortcuts", ariaKeys(command));
    const key = caps(command.keys[0]).join(command.keys[0].includes("+") ? "+" : " ");
    if (!node.title.endsWith(`(${key})`)) node.title = `${node.title || node.getAttribute("aria-label") || command.title()} (${key})`;
  };
  document.addEventListener("pointerover", tellOne);
  document.addEventListener("focusin", tellOne);
}
