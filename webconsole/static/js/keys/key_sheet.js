// Sheet of all keys and commands, read from the command registry.
import { allCommands } from "../command_line/registry.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { caps } from "./key_labels.js";

const kbd = (keys) => el("span.keys", {}, caps(keys).map((cap) => el("kbd", {}, cap)));

function rowsOf(commands) {
  return commands.map((command) => {
    const words = command.words.length ? el("code.words", {}, `/${command.words.join(" /")} ${command.usage()}`.trim()) : null;
    return el("li", {}, el("span.what", {}, command.title(), words), el("span.ways", {}, command.keys.map(kbd)));
  });
}

/** Show it, or put it away. */
export function toggleSheet() {
  const open = document.querySelector("dialog.sheet[open]");
  if (open) {
    open.close();
    return;
  }
  const groups = new Map([[_("Incidents"), []], [_("Map"), []]]); // first what one comes for
  for (const command of allCommands().filter((each) => !each.hidden)) {
    const name = command.group?.() ?? _("Console");
    groups.set(name, [...(groups.get(name) ?? []), command]);
  }
  const sections = [...groups].filter(([, commands]) => commands.length).map(([name, commands]) => el("section", {}, el("h3", {}, name), el("ul", {}, rowsOf(commands))));
  const hint = el("p.hint-block", {}, _("Keys do nothing while you type in a field. Words after / are typed on the command line."));
  // What scrolls is around the columns: columns of a limited height would go on beyond the right edge.
  const body = el("div.dialog-body", { tabindex: "0" }, el("div.sheet-groups", {}, sections), hint);
  const { node, close } = showDialog("sheet", { title: _("Keys and commands"), body });
  node.addEventListener("keydown", (event) => {
    if (event.key === "?" || event.key === "？") {
      event.preventDefault();
      close();
    }
  });
}
