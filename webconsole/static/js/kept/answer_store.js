// The answers' place in the phone's database.
import { database } from "./database.js";

const STORE = "answers";
let keeping = true;

/** Whoever signs out is forgotten: an answer that is still on its way is not kept after that. */
export function stopKeeping() {
  keeping = false;
}

export const answerStore = {
  read: async (url) => (await database()).get(STORE, url),
  write: async (record) => {
    const opened = await database();
    if (keeping) await opened.put(STORE, record);
  },
  remove: async (url) => (await database()).delete(STORE, url),
  all: async () => (await database()).getAll(STORE),
};
