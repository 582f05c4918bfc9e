// What the phone keeps through a reload, a dead battery and a cellar without signal: one IndexedDB
// for the whole page. Every store has its key inside the record (`keyPath`).
import { openDB } from "idb";

const NAME = "nearcrew";
const VERSION = 1;
const STORES = {
  actions: "clientId", // what is to be told to the server
  blobs: "clientId", // photos and other files of actions
  drafts: "key", // half-written texts
  answers: "url", // the server's last answers
  kit: "name", // road network, search, closures, which ground
  tiles: "key", // "z/x/y" of the map
};
let opened = null;

/**
 * The open database; opened again after it was closed.
 *
 * @returns {Promise<import("idb").IDBPDatabase>} rejected where storage is forbidden.
 */
export function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(fresh) {
      for (const [name, keyPath] of Object.entries(STORES)) fresh.createObjectStore(name, { keyPath });
    },
    // `onversionchange`: a newer page wants to change the stores and would wait for this one.
    blocking(_current, _wanted, { target }) {
      target.close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  }).catch((error) => {
    opened = null;
    throw error;
  });
  return opened;
}
