// Loads what the crew's page needs soon, but not for its first paint.
import { readTilesWith } from "../map/base/tile_source.js";

const LATEST_MS = 1500; // a first load that takes longer may take for ever
const AGAIN_MS = 10000;

const aWhile = (ms) => new Promise((done) => setTimeout(done, ms));

/** When there may be signal again: as the browser says, or after a while. */
const signal = () => Promise.race([new Promise((done) => window.addEventListener("online", done, { once: true })), aWhile(AGAIN_MS)]);

/** Load them; without signal, and not kept yet, as soon as they can be had: `late()` says that it takes longer. */
async function load(late) {
  for (;;) {
    try {
      return await import("./late_parts.js");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // not the network's
      late();
      await signal();
    }
  }
}

/**
 * Bring it once `first` has come, or soon. `given`: as `bringLateParts` wants it.
 *
 * Returns a promise of when that is done: {settled}, a promise of when nothing of it moves any more.
 */
export function bringLate(first, given) {
  let without;
  const notYet = new Promise((done) => (without = () => done(null))); // the map waits no longer
  const late = Promise.race([first, aWhile(LATEST_MS)])
    .then(() => load(without))
    .then(({ bringLateParts }) => bringLateParts(given));
  readTilesWith(Promise.race([notYet, late.then(({ readTile }) => readTile, () => null)]));
  return late.then(({ settled }) => ({ settled }), (error) => {
    reportError(error);
    return { settled: null };
  });
}
