// Throws out of the kept answers what nobody will be given any more.
import { DAYS_MS } from "./answers.js";

const MOST = 300;

/** Forget what is of others or too old, and the oldest of too many. `store`: {all(), remove(url)}. */
export async function tidyAnswers(store, { owner, now }) {
  const records = (await store.all()).sort((a, b) => b.at - a.at);
  const ours = records.filter((each) => each.owner === owner && now - each.at < DAYS_MS).slice(0, MOST);
  const kept = new Set(ours.map(({ url }) => url));
  await Promise.all(records.filter(({ url }) => !kept.has(url)).map(({ url }) => store.remove(url)));
}
