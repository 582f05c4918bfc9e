// Outcomes that a kind of incident offers: those that came with the page, and newer ones once read.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { readStored, writeStored } from "../core/browser_storage.js";

const KEPT = "nearcrew-outcomes";
export const EFFECTS = ["done", "follow_up", "not_done"];

/** Those of a kind: as last read, as they came with the page, or the few that every kind accepts. */
export function outcomesOf(kind) {
  const own = readStored(KEPT, {})[kind] ?? boot.outcomes?.[kind];
  return own?.length ? own : boot.known_outcomes ?? [];
}

/** Read them anew, to be there when there is no signal; without an answer the former ones stay. */
export async function refreshOutcomes(kind) {
  try {
    const { outcomes } = await get(`/outcomes?kind=${encodeURIComponent(kind)}`);
    writeStored(KEPT, { ...readStored(KEPT, {}), [kind]: outcomes });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
