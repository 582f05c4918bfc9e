// Whose page and answers this browser keeps for where there is no signal: one person's. They go at
// sign-out, and as soon as another account is seen here.

export const KEPT_FOR = "nearcrew-kept-for";

/** The account they are kept for; null where nothing is. */
export function keptFor() {
  try {
    return localStorage.getItem(KEPT_FOR);
  } catch {
    return null; // storage is forbidden
  }
}

let forgotten = Promise.resolve();

/** When nothing of another account's is kept here any more: what is kept from then on stays. */
export const othersForgotten = () => forgotten;

/** A page of this account was opened here. */
export function openedBy(username) {
  const owner = keptFor();
  const forgetting = () => import("./forgetting.js");
  if (owner !== null && owner !== username) forgotten = forgetting().then(({ forgetKept }) => forgetKept());
  document.addEventListener("submit", (event) => {
    if (keptFor() === null || new URL(event.target.action, location.href).pathname !== "/sign-out") return;
    event.preventDefault();
    forgetting().then(({ signOut }) => signOut(event.target), () => event.target.submit());
  });
}
