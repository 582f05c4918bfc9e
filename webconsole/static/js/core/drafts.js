// Half-written texts of a desk, kept in the browser by what they are about: a reload or another choice
// loses none. They go when somebody signs out.
import { boot } from "./boot.js";

const PREFIX = "nearcrew-draft";
const ofAccount = `${PREFIX}-${boot.username}-`;

// Storage may be full or forbidden: then a text lives as long as the page does.
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

/** Forget everything half-written in a storage, whoever wrote it. */
function forgetAll(storage) {
  const names = attempt(() => Object.keys(storage)) ?? [];
  for (const name of names) if (name.startsWith(`${PREFIX}-`)) storage.removeItem(name);
}

/**
 * Keep what is typed into a control, and bring back what was.
 *
 * `name`: what it is about, as "note-418". Kept until this window closes or somebody signs out. Returns
 * `keep()`, to call when the control was filled or emptied by a script.
 */
export function keepDraft(control, name) {
  const storage = attempt(() => sessionStorage);
  const key = ofAccount + name;
  const kept = attempt(() => storage.getItem(key));
  if (kept) control.value = kept;
  const keep = () => attempt(() => (control.value ? storage.setItem(key, control.value) : storage.removeItem(key)));
  control.addEventListener("input", keep);
  return keep;
}

document.addEventListener("submit", ({ target }) => {
  if (new URL(target.action, location.href).pathname === "/sign-out") attempt(() => forgetAll(sessionStorage));
});
