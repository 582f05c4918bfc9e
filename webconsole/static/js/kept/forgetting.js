// Forgets what this browser keeps of a person for where there is no signal: the page, the server's
// answers, the paths to orders. What is still to be told stays.
import { PAGE_CACHE } from "./worker_rules.js";

// Whose it is (`KEPT_FOR` in owner.js: importing that would make one more file of the first load), and
// paths to orders.
const NAMES = /^nearcrew-(kept-for$|way-)/;
const DATABASE = "nearcrew";
const PERSONAL = "answers";

// Storage may be forbidden: then nothing was kept either.
function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

/** Without the library: pages that keep nothing themselves may forget. */
function emptyAnswers() {
  return new Promise((done) => {
    const asking = indexedDB.open(DATABASE);
    asking.onupgradeneeded = () => asking.transaction.abort(); // there is none: none is made
    asking.onerror = asking.onblocked = () => done();
    asking.onsuccess = () => {
      const database = asking.result;
      const end = () => {
        database.close();
        done();
      };
      if (!database.objectStoreNames.contains(PERSONAL)) return end();
      const change = database.transaction(PERSONAL, "readwrite");
      change.oncomplete = change.onabort = end;
      change.objectStore(PERSONAL).clear();
      return undefined;
    };
  });
}

/** Forget it. */
export async function forgetKept() {
  for (const name of attempt(() => Object.keys(localStorage)) ?? []) {
    if (NAMES.test(name)) attempt(() => localStorage.removeItem(name));
  }
  await Promise.allSettled([attempt(() => caches.delete(PAGE_CACHE)), attempt(emptyAnswers)]);
}

/** Sign out at the server first: without signal one stays signed in, and the page still opens. */
export async function signOut(form) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    if (!answer.ok) throw new Error("refused");
    document.dispatchEvent(new Event("signingout"));
    await forgetKept();
    location.replace(answer.url);
  } catch {
    form.submit(); // the browser shows what is wrong
  }
}
