// One of several windows of a phone at a time. Web Locks where there are any; on plain http there are
// none, and a lease in the database, renewed while it is used, does the same.
import { newKey } from "../core/api.js";
import { database } from "../kept/database.js";

const LEASE_MS = 6000;
const RENEW_MS = 2000;
const ME = newKey();

/**
 * Run `act` while no other window runs anything under this name, and return what it returns.
 *
 * A window that the system froze in the middle holds the lock for ever: after `patienceMs` it is
 * taken from it. What both may then send is the same under the same name.
 */
export function alone(name, act, { patienceMs = 30000 } = {}) {
  return navigator.locks ? locked(name, act, patienceMs) : leased(name, act);
}

async function locked(name, act, patienceMs) {
  let begun = false;
  const once = () => {
    begun = true;
    return act();
  };
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), patienceMs);
  try {
    return await navigator.locks.request(name, { signal: limit.signal }, () => {
      clearTimeout(timer);
      return once();
    });
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    // Taken from this window in the middle: the other one goes on with it.
    return begun ? undefined : navigator.locks.request(name, { steal: true }, once).catch(takenFromUs);
  } finally {
    clearTimeout(timer);
  }
}

function takenFromUs(error) {
  if (error.name !== "AbortError") throw error;
}

async function leased(name, act) {
  while (!(await lease(name))) await new Promise((done) => setTimeout(done, RENEW_MS));
  const renewing = setInterval(() => lease(name), RENEW_MS);
  try {
    return await act();
  } finally {
    clearInterval(renewing);
    await lease(name, 0);
  }
}

/** Take or renew a lease; false while another window holds it. Without storage there is none to ask. */
async function lease(name, lengthMs = LEASE_MS) {
  const key = `lease ${name}`;
  try {
    const taking = (await database()).transaction("kit", "readwrite");
    const held = await taking.store.get(key);
    const mine = !held || held.holder === ME || held.untilMs < Date.now() || held.untilMs > Date.now() + LEASE_MS;
    if (mine) await taking.store.put({ name: key, holder: ME, untilMs: Date.now() + lengthMs });
    await taking.done;
    return mine;
  } catch {
    return true;
  }
}
