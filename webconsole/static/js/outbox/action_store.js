// The outbox's part of the database: actions and their files. A write counts when its transaction is
// complete: a full disk answers each request with success, and then aborts.
import { database } from "../kept/database.js";

const BOTH = ["actions", "blobs"];
const OPENED_IN_MS = 4000; // some browsers never answer: then actions live as long as the page

async function opened() {
  let timer;
  const late = new Promise((_done, fail) => {
    timer = setTimeout(() => fail(new DOMException("the database does not open", "TimeoutError")), OPENED_IN_MS);
  });
  try {
    return await Promise.race([database(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Run `act(actions, blobs)` in one transaction, and wait until it is safely written. */
async function written(act) {
  // Strict: on the disk, not only in the system's cache; a battery may die in the next second.
  const writing = (await opened()).transaction(BOTH, "readwrite", { durability: "strict" });
  const asked = act(writing.objectStore("actions"), writing.objectStore("blobs"));
  // A failed request ends the transaction, which then says so; both are heard, or one goes unheard.
  const [ended] = await Promise.allSettled([writing.done, ...asked]);
  if (ended.status === "rejected") throw ended.reason ?? new DOMException("aborted", "AbortError");
}

export class ActionStore {
  constructor(crewId) {
    this.crewId = crewId;
  }

  /** All actions of this crew. */
  async all() {
    const actions = await (await opened()).getAll("actions");
    return actions.filter(({ crewId }) => crewId === this.crewId);
  }

  keep(action, blob) {
    // "Sent" is of this page alone: one that was not deleted any more is sent again under its name.
    const row = { ...action, state: action.state === "refused" ? "refused" : "waiting" };
    return written((actions, blobs) => [actions.put(row), ...(blob ? [blobs.put({ clientId: action.clientId, blob })] : [])]);
  }

  async blobOf(clientId) {
    return (await (await opened()).get("blobs", clientId))?.blob ?? null;
  }

  forget(clientIds) {
    return written((actions, blobs) => clientIds.flatMap((id) => [actions.delete(id), blobs.delete(id)]));
  }
}
