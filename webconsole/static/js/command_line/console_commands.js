// Commands about the console itself: keys, windows, colours, sounds.
import { _ } from "../core/i18n.js";
import { DEFAULTS, preferences, setPreferences } from "../core/preferences.js";
import { openPreferences } from "../desk/preferences_panel.js";
import { toggleSheet } from "../keys/key_sheet.js";
import { openWindow } from "../live/window_view.js";
import { acknowledge, openAlarms } from "../notifications/alarms.js";
import { CommandError } from "./command_error.js";
import { openCommandLine } from "./command_line.js";
import { addCommand } from "./registry.js";

const THEMES = { auto: ["auto", "system", "系统", "自动"], light: ["day", "light", "白天", "日间"], dark: ["night", "dark", "夜间"], clock: ["clock", "按时间", "时钟"] };
const themeLabels = { auto: () => _("As the system"), light: () => _("Day"), dark: () => _("Night"), clock: () => _("By the clock") };

const chooseTheme = (theme) => document.dispatchEvent(new CustomEvent("themechoose", { detail: theme }));

function theme(asked) {
  if (!asked) {
    chooseTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    return;
  }
  const found = Object.entries(THEMES).find(([, words]) => words.includes(asked.toLowerCase()));
  if (!found) throw new CommandError(_("Enter day, night, clock or auto."));
  chooseTheme(found[0]);
}

const themeSuggestions = async () =>
  Object.entries(themeLabels).map(([name, word]) => ({ label: word(), detail: THEMES[name][0], run: () => chooseTheme(name) }));

function mute() {
  const volume = preferences().volume > 0 ? 0 : DEFAULTS.volume;
  setPreferences({ volume });
  return volume > 0 ? _("Sounds are on.") : _("Sounds are off.");
}

function acknowledgeOne() {
  const [first] = openAlarms();
  if (!first) throw new CommandError(_("There is no alarm."));
  acknowledge([first]);
}

export function addConsoleCommands() {
  addCommand({ id: "alarm.acknowledge", title: () => _("Acknowledge the oldest alarm"), keys: ["a"], words: ["ack", "确认"], run: acknowledgeOne });
  addCommand({ id: "console.line", title: () => _("Command line"), keys: ["/"], run: () => openCommandLine() });
  addCommand({ id: "console.keys", title: () => _("Keys and commands"), keys: ["?"], words: ["help", "keys", "帮助"], run: toggleSheet });
  addCommand({ id: "console.preferences", title: () => _("Preferences"), keys: [","], words: ["preferences", "设置"], run: openPreferences });
  addCommand({ id: "console.theme", title: () => _("Day or night colours"), keys: ["Shift+N"], words: ["theme", "配色"], usage: () => _("day, night, clock, auto"), suggest: themeSuggestions, run: theme });
  addCommand({ id: "console.mute", title: () => _("Sounds on or off"), keys: ["Shift+M"], words: ["mute", "静音"], run: mute });
  addCommand({ id: "window.map", title: () => _("Open the map in a window of its own"), keys: ["w m"], words: ["map", "地图"], run: () => void openWindow("map") });
  addCommand({ id: "window.queue", title: () => _("Open the queue in a window of its own"), keys: ["w q"], words: ["queue", "队列"], run: () => void openWindow("queue") });
}
