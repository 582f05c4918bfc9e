// Outcomes that a kind of incident offers: as last read, kept for where there is no signal.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { emit } from "../core/store.js";

const KEPT = "nearcrew-outcomes";
export const EFFECTS = ["done", "follow_up", "not_done"];
const read = new Set();

/** Those of a kind: as last read, or the few that every kind accepts. */
export function outcomesOf(kind) {
  const own = readStored(KEPT, {})[kind];
  return own?.length ? own : boot.known_outcomes ?? [];
}

/** Read those of a kind once a page, to be there when there is no signal; without an answer the former stay. */
export async function learnOutcomes(kind) {
  if (read.has(kind)) return;
  read.add(kind);
  try {
    const { outcomes } = await get(`/outcomes?kind=${encodeURIComponent(kind)}`);
    writeStored(KEPT, { ...readStored(KEPT, {}), [kind]: outcomes });
    emit("outcomes");
  } catch (error) {
    read.delete(kind);
    if (!(error instanceof ApiError)) throw error;
  }
}
