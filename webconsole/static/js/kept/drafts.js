// Half-written texts of a crew's phone, kept by what they are about: closing the page, a dead battery or
// an order that comes in between loses none.
import { boot } from "../core/boot.js";
import { database } from "./database.js";

// Where pages kept them before, in localStorage, and where one goes that the database has no room for.
const OLD = `nearcrew-draft-${boot.username}-`;
const texts = new Map();
const writing = new Map(); // key → how many writes are on their way
const keyOf = (name) => `${boot.crew_id} ${name}`;
const oldNameOf = (key) => OLD + key.slice(keyOf("").length);
const stored = (act) => {
  try {
    return act();
  } catch {
    return null; // forbidden: a text lives as long as the page does
  }
};

let reading = null;
/** Read what was kept; once. */
export function readDrafts() {
  reading ??= read();
  return reading;
}

async function read() {
  for (const name of stored(() => Object.keys(localStorage)) ?? []) {
    if (!name.startsWith(OLD)) continue;
    const key = keyOf(name.slice(OLD.length));
    if (!texts.has(key)) texts.set(key, localStorage.getItem(name));
    await write(key);
  }
  try {
    for (const { key, value } of await (await database()).getAll("drafts")) if (!texts.has(key)) texts.set(key, value);
  } catch {
    // as above
  }
}

/** Writes are begun at once and done in order: the page may be gone before the first is answered. */
async function write(key) {
  writing.set(key, (writing.get(key) ?? 0) + 1);
  const value = texts.get(key);
  try {
    const keeping = (await database()).transaction("drafts", "readwrite");
    if (value) keeping.store.put({ key, value });
    else keeping.store.delete(key);
    keeping.commit?.();
    await keeping.done;
    if (writing.get(key) === 1) stored(() => localStorage.removeItem(oldNameOf(key)));
  } catch {
    putAside(key);
  } finally {
    writing.set(key, writing.get(key) - 1);
    if (!writing.get(key)) writing.delete(key);
  }
}

const putAside = (key) => stored(() => localStorage.setItem(oldNameOf(key), texts.get(key)));

// The page is closed in the middle of a word.
window.addEventListener("pagehide", () => [...writing.keys()].forEach(putAside));

/** A text, or null. */
export const draftOf = (name) => texts.get(keyOf(name)) || null;

/** Keep a text; an empty one is forgotten. */
export function setDraft(name, value) {
  texts.set(keyOf(name), value);
  return write(keyOf(name));
}

/**
 * Keep what is typed into a control, and bring back what was.
 *
 * `name`: what it is about, as "message-418". Returns `keep()`, to call when the control was filled or
 * emptied by a script. `brought()` is called when what was kept came only after the control was made.
 */
export function keepDraft(control, name, { brought = () => {} } = {}) {
  const keep = () => setDraft(name, control.value);
  control.value = draftOf(name) ?? control.value;
  control.addEventListener("input", keep);
  readDrafts().then(() => {
    if (control.value || !draftOf(name)) return;
    control.value = draftOf(name);
    brought();
  });
  return keep;
}
