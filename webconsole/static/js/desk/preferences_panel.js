// Preferences dialog: colours, sounds, notices, keys. Every change applies at once, in all windows.
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { daylight, preferences, setDaylight, setPreferences } from "../core/preferences.js";
import { askForNotices, noticesAllowed } from "../notifications/desktop_notices.js";
import { NEWS, NOTICES, soundLabel } from "../sounds/sound_labels.js";
import { onSounding, soundOf, sounding } from "../sounds/speaker.js";
import { SOUNDS } from "../sounds/synthesis.js";
import { showDialog } from "../widgets/dialog.js";

const THEMES = { auto: () => _("As the system"), light: () => _("Day"), dark: () => _("Night"), clock: () => _("By the clock") };

const root = document.documentElement;

function choices(name, legend, table, chosen, change) {
  return el("fieldset.choices", {}, el("legend", {}, legend),
    el("div.segments", {}, Object.entries(table).map(([value, word]) => {
      const input = el("input", { type: "radio", name, value, onchange: () => change(value) });
      input.checked = value === chosen;
      return el("label.segment", {}, input, el("span", {}, word()));
    })));
}

function checkbox(label, checked, change, attributes = {}) {
  const input = el("input", { type: "checkbox", ...attributes, onchange: () => change(input.checked, input) });
  input.checked = checked;
  return el("label.check", {}, input, el("span", {}, label));
}

function colours() {
  const [from, until] = daylight();
  const time = (label, value, change) => el("label.time", {}, label, " ", el("input", { type: "time", value, required: true, onchange: change }));
  const first = time(_("Day from"), from, () => keep());
  const last = time(_("until"), until, () => keep());
  const hours = el("div.hours", {}, first, last);
  const keep = () => {
    const [a, b] = [first, last].map((label) => label.querySelector("input").value);
    if (a && b) setDaylight(a, b);
  };
  const show = (choice) => (hours.hidden = choice !== "clock");
  show(root.dataset.themeChoice);
  return el("section", {}, el("h3", {}, _("Display")),
    choices("theme", _("Colours"), THEMES, root.dataset.themeChoice, (value) => {
      document.dispatchEvent(new CustomEvent("themechoose", { detail: value }));
      show(value);
    }),
    hours,
    choices("density", _("Rows"), { calm: () => _("Calm"), dense: () => _("Dense") }, preferences().density, (density) => setPreferences({ density })));
}

function soundState(node) {
  const say = {
    ready: () => _("Sound works in this window."),
    blocked: () => _("The browser keeps this window silent until somebody clicks or types in it."),
    none: () => _("This browser can make no sounds here."),
  };
  node.dataset.sounding = sounding();
  text(node, say[sounding()]());
}

function sounds(stops) {
  const said = el("p.sounding", { role: "status" });
  soundState(said);
  stops.push(onSounding(() => soundState(said)));
  const volume = el("input", { id: "volume", type: "range", min: "0", max: "1", step: "0.05", value: String(preferences().volume), onchange: () => setPreferences({ volume: Number(volume.value) }) });
  const rows = Object.entries(NEWS).map(([news, word]) => {
    const select = el("select", { id: `sound-${news}`, onchange: () => setPreferences({ sounds: { [news]: select.value } }) },
      SOUNDS.map((name) => el("option", { value: name }, soundLabel(name))));
    select.value = preferences().sounds[news];
    return el("li", {}, el("label", { for: select.id }, word()), select,
      el("button.secondary.small", { type: "button", "aria-label": _("Hear: %(what)s", { what: word() }), onclick: () => soundOf(select.value) }, _("Hear")));
  });
  return el("section", {}, el("h3", {}, _("Sounds and alarms")), said,
    el("div.field", {}, el("label", { for: "volume" }, _("Volume")), volume),
    el("ul.sound-rows", {}, rows),
    el("p.hint-block", {}, _("When an order has no answer, and what happens then, is the same for every desk."), " ", el("a", { href: "/chains" }, _("Escalation"))));
}

function noticesSection() {
  const section = el("section");
  const draw = () => {
    const allowed = noticesAllowed();
    const { notify, notices } = preferences();
    const on = allowed === "granted" && notify;
    const why = { denied: () => _("The browser forbids them for this address; its site settings can allow them."), none: () => _("They need https, or this very machine.") }[allowed];
    const turn = checkbox(_("Show them while no window of the console can be seen"), on, async (wanted) => {
      setPreferences({ notify: wanted && (await askForNotices()) === "granted" });
      draw();
    }, { disabled: Boolean(why) });
    fill(section, el("h3", {}, _("Desktop notices")), turn, why ? el("p.hint-block", {}, why()) : null,
      on ? el("div.notice-kinds", {}, Object.entries(NOTICES).map(([news, word]) => checkbox(word(), notices[news], (wanted) => setPreferences({ notices: { [news]: wanted } })))) : null);
  };
  draw();
  return section;
}

/** Show the preferences. */
export function openPreferences() {
  const stops = [];
  const keys = el("section", {}, el("h3", {}, _("Keyboard")),
    checkbox(_("Single letters and digits are keys"), preferences().letterKeys, (letterKeys) => setPreferences({ letterKeys })),
    el("p.hint-block", {}, _("Switch this off when speech input or a scanner types into the page.")));
  showDialog("preferences", {
    title: _("Preferences"),
    body: el("div.dialog-body", {}, colours(), sounds(stops), noticesSection(), keys, el("p.hint-block", {}, _("Kept in this browser, for all its windows."))),
    closed: () => stops.forEach((stop) => stop()),
  });
}
