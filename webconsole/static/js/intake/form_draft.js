// What was typed into the form of a new incident, kept in this tab until it is saved or dropped: a
// reload in the middle of a call loses nothing. Nobody else who signs in here sees it.
import { boot } from "../core/boot.js";

const KEY = "nearcrew-pin-draft";

/** The draft of this account: {lon, lat, fields…}, or null. */
export function keptDraft() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    if (kept?.username === boot.username) return kept;
    forgetDraft();
  } catch {
    // Storage may be forbidden, or hold what another release wrote: then there is no draft.
  }
  return null;
}

export function keepDraft(draft) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...draft, username: boot.username }));
  } catch {
    // Full or forbidden: the form goes on without.
  }
}

export function forgetDraft() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Nothing was kept there either.
  }
}
