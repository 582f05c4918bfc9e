// The answers' place in the phone's database.
import { database } from "./database.js";

const STORE = "answers";

export const answerStore = {
  read: async (url) => (await database()).get(STORE, url),
  write: async (record) => (await database()).put(STORE, record),
  remove: async (url) => (await database()).delete(STORE, url),
  all: async () => (await database()).getAll(STORE),
};
