// Preferences of a desk, kept in this browser and followed by its other windows at once.
// Colours have keys of their own, because theme.js reads them before the first paint.

const KEY = "nearcrew-preferences";
const HOURS = "nearcrew-daylight";

export const DEFAULTS = {
  /** Which sound each of the news makes; "none" is a sound too. */
  sounds: { emergency: "alarm", incident: "chime", trouble: "knock", unanswered: "pulse", message: "bell", arrived: "none", completed: "none", lost: "fall", back: "rise" },
  volume: 0.6,
  /** Whether desktop notices are wanted, and of what. */
  notify: false,
  notices: { incident: true, trouble: true, message: true, lost: true },
  /** Single letters as keys: some people's speech input types them by accident. */
  letterKeys: true,
  density: "calm",
};

const listeners = new Set();

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...DEFAULTS, ...kept, sounds: { ...DEFAULTS.sounds, ...kept.sounds }, notices: { ...DEFAULTS.notices, ...kept.notices } };
  } catch {
    return structuredClone(DEFAULTS); // forbidden or garbled: what everybody begins with
  }
}

let current = read();

export const preferences = () => current;

/** Be told when anything changes, here or in another window. */
export const onPreferences = (listener) => listeners.add(listener);

function tell() {
  for (const listener of listeners) listener(current);
  document.dispatchEvent(new CustomEvent("preferenceschange"));
}

/** Change some of it: `setPreferences({ volume: 0.3, sounds: { back: "none" } })`. */
export function setPreferences(change) {
  current = { ...current, ...change, sounds: { ...current.sounds, ...change.sounds }, notices: { ...current.notices, ...change.notices } };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // not kept; holds until the page is left
  }
  tell();
}

/** From when until when it is day, as "06:30-18:30". */
export function daylight() {
  try {
    return (localStorage.getItem(HOURS) ?? "06:30-18:30").split("-");
  } catch {
    return ["06:30", "18:30"];
  }
}

export function setDaylight(from, until) {
  try {
    localStorage.setItem(HOURS, `${from}-${until}`);
  } catch {
    // as above
  }
  tell();
}

window.addEventListener("storage", ({ key }) => {
  if (key !== KEY && key !== null) return;
  current = read();
  for (const listener of listeners) listener(current);
});
