// On the crew's page: answers come from what was kept where there is no signal, and the page says
// how old they are.
import { readThrough } from "../core/api.js";
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { answerStore, stopKeeping } from "./answer_store.js";
import { KeptAnswers } from "./answers.js";
import { OneByOne } from "./one_by_one.js";

const AGAIN_MS = 200;

/** When the page was kept that is shown here, in milliseconds; null for one from the server. */
export const keptSince = () => Number(document.documentElement.dataset.kept) || null;

/**
 * Read through what was kept. `main`: before which it is said how old the orders are; `fresh()`: the
 * server has said something newer than what is shown, a promise of when it was read. Returns {areOld}: whether the orders
 * shown are not what the server says now.
 */
export function bringKeptAnswers(crewId, { main, fresh }) {
  const orders = `/crews/${crewId}/assignments`;
  const node = el("p.as-of", { role: "status", hidden: true });
  main.before(node);
  let soon = null;
  const reading = new OneByOne(() => answers.reread(fresh));
  const answers = new KeptAnswers({
    owner: boot.username,
    store: answerStore,
    opened: keptSince() !== null,
    now,
    changed: () => {
      const at = answers.staleSince(orders);
      node.hidden = at === null;
      if (at !== null) text(node, _("No signal: as of %(time)s.", { time: clock(new Date(at).toISOString(), { seconds: false }) }));
    },
    fresh: () => {
      clearTimeout(soon);
      soon = setTimeout(() => reading.again(), AGAIN_MS);
    },
  });
  document.addEventListener("signingout", stopKeeping);
  readThrough((path, ask) => answers.get(path, ask));
  return { get areOld() { return !node.hidden; } };
}
