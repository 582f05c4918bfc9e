// What a crew is asked on the spot, by kind of incident: as last read, kept for where there is no signal.
import { ApiError, get } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { emit } from "../core/store.js";

const KEPT = "nearcrew-work-sheets";
const AGAIN_MS = 300000;
const EMPTY = { forms: [], codes: [], parts: [] };
const readAt = new Map();

/** The sheet of a kind as last read; an empty one before that. */
export const sheetOf = (kind) => readStored(KEPT, {})[kind] ?? EMPTY;

/** Read it, at most every few minutes; without an answer the former stays. */
export async function learnSheet(kind) {
  if (performance.now() - (readAt.get(kind) ?? -Infinity) < AGAIN_MS) return;
  readAt.set(kind, performance.now());
  try {
    const sheet = await get(`/work-sheets/${encodeURIComponent(kind)}`);
    writeStored(KEPT, { ...readStored(KEPT, {}), [kind]: sheet });
    emit("work-sheets");
  } catch (error) {
    readAt.delete(kind);
    if (!(error instanceof ApiError)) throw error;
  }
}
