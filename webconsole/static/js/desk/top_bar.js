// The top bar: the menu, and whether alarms can be heard in this window.
import { failed } from "../command_line/command_error.js";
import { commandOf, runCommand } from "../command_line/registry.js";
import { el, fill, svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { onPreferences, preferences } from "../core/preferences.js";
import { caps } from "../keys/key_labels.js";
import { view } from "../live/window_view.js";
import { onSounding, sounding } from "../sounds/speaker.js";

const IN_MENU = ["console.line", "console.keys", "console.preferences", "record.replay", "window.map", "window.queue"];

function menu(node, list) {
  const offered = IN_MENU.filter((id) => id !== `window.${view}`).map(commandOf).filter(Boolean);
  fill(list, offered.map((command) =>
    el("button.quiet", { type: "button", data: { command: command.id }, onclick: () => {
      node.open = false;
      Promise.resolve().then(() => runCommand(command.id)).catch(failed);
    } }, el("span", {}, command.title()), command.keys.length ? el("span.keys", { "aria-hidden": "true" }, caps(command.keys[0]).map((cap) => el("kbd", {}, cap))) : null)));
  document.addEventListener("pointerdown", (event) => {
    if (!node.contains(event.target)) node.open = false;
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !node.open) return;
    event.preventDefault();
    node.open = false;
    node.querySelector("summary").focus();
  });
}

/** Whoever relies on hearing an alarm must see that it would not be heard. */
function soundState(node) {
  const draw = () => {
    const off = preferences().volume === 0;
    const look = off ? "off" : sounding();
    if (node.dataset.sounding === look) return;
    node.dataset.sounding = look;
    if (look === "ready" || look === "none") fill(node);
    else if (look === "off") fill(node, el("button.quiet", { type: "button", title: _("Sounds are off."), "aria-label": _("Sounds are off."), onclick: () => runCommand("console.mute") }, silent()));
    else fill(node, el("button.quiet", { type: "button", title: _("The browser keeps this window silent until somebody clicks or types in it.") }, silent(), " ", el("span", {}, _("Click to hear alarms"))));
  };
  onSounding(draw);
  onPreferences(draw);
  draw();
}

const silent = () => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: "M3 9.5v5h3.5L11 19V5L6.5 9.5z" }), svg("path", { d: "M15 9l6 6M21 9l-6 6" }));

export function fillBar() {
  menu(document.getElementById("menu"), document.getElementById("menu-commands"));
  soundState(document.getElementById("sound-state"));
}
