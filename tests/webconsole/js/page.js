// Opens a page for one test: happy-dom's document, the console's modules loaded anew for it, and a
// stand-in for the server's answers. Whatever the page left running ends with the test.
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { Window } from "happy-dom";

const SCRIPTS = new URL("../../../webconsole/static/js/", import.meta.url).href;
// What modules take from the browser by its bare name. Node's own fetch, URL and Response stay.
const FROM_THE_WINDOW = [
  "document", "location", "history", "navigator", "localStorage", "sessionStorage", "matchMedia",
  "addEventListener", "removeEventListener", "dispatchEvent", "requestAnimationFrame", "cancelAnimationFrame",
  "setTimeout", "clearTimeout", "setInterval", "clearInterval",
  "Node", "Element", "HTMLElement", "Event", "CustomEvent", "KeyboardEvent", "MouseEvent",
  "MutationObserver", "ResizeObserver", "FormData",
];
/** Node's own: happy-dom's knows no Blob of Node's, and Node's fetch no form of happy-dom's. */
export const NodeFormData = globalThis.FormData;
const realTimeout = globalThis.setTimeout; // tests may put a mock in its place
const realImmediate = globalThis.setImmediate;
const LIMITS = JSON.parse(readFileSync(new URL("vectors/limits.json", import.meta.url)));
const LABELS = JSON.parse(readFileSync(new URL("vectors/labels.json", import.meta.url)));
const BOOT = { locale: "en", kinds: [], roles: [], labels: LABELS, limits: LIMITS, stream_worker: "/stream_worker.js" };
let pages = 0;

// Modules hold state (the store, the registry of commands): each page has its own, told apart by a
// query that a module hands on to all that it imports.
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const page = context.parentURL?.startsWith(SCRIPTS) && new URL(context.parentURL).search;
    return page && found.url.startsWith(SCRIPTS) ? { ...found, url: found.url + page } : found;
  },
});

function put(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/**
 * Open a page for a test, closed when the test `t` is over.
 *
 * `boot`: what the server wrote into the page.
 */
export function openPage(t, { boot = {} } = {}) {
  const page = new Page({ ...BOOT, ...boot });
  t.after(() => page.close());
  return page;
}

class Page {
  #query = `?page=${(pages += 1)}`;
  #answers = [];
  #usedDisk = false;
  /** What the server was asked: {method, path, body}. */
  asked = [];
  /** Messages of the errors that were reported, not thrown. */
  faults = [];

  constructor(boot) {
    this.window = new Window({ url: "http://desk/" });
    for (const name of FROM_THE_WINDOW) {
      const value = this.window[name];
      put(name, typeof value === "function" && !value.prototype ? value.bind(this.window) : value);
    }
    put("window", this.window);
    put("indexedDB", this.#emptyDisk());
    put("reportError", (error) => this.faults.push(error.message));
    put("fetch", (url, options) => this.#fetch(url, options));
    this.window.Element.prototype.scrollIntoView = () => {}; // nothing is laid out here
    const { document } = this.window;
    document.body.append(
      Object.assign(document.createElement("script"), { id: "boot", type: "application/json", textContent: JSON.stringify(boot) }),
      Object.assign(document.createElement("div"), { id: "toasts" }),
    );
  }

  #emptyDisk() {
    const disk = new IDBFactory();
    const open = disk.open.bind(disk);
    disk.open = (...given) => {
      this.#usedDisk = true;
      return open(...given);
    };
    return disk;
  }

  async close() {
    put("fetch", () => new Promise(() => {}));
    // What the page was about to send would go to the next test's server, again and again.
    if (this.#usedDisk) await this.settle();
    await this.window.happyDOM.abort();
  }

  /**
   * A module of the console, such as "core/store".
   *
   * `tab`: of another window of the same browser, or of this one after a reload: its modules hold
   * their own state, and share what the browser keeps.
   */
  script(name, { tab = "" } = {}) {
    return import(`${SCRIPTS}${name}.js${this.#query}${tab}`);
  }

  /**
   * Let the server answer requests whose path begins so; what was said last counts.
   *
   * `json`: the answer, or a function of the path that returns it or a promise of it.
   * `status`, `headers`: of HTTP. `offline`: there is no answer.
   */
  answer(path, json, { status = 200, headers = {}, offline = false } = {}) {
    this.#answers.push({ path, json, status, headers, offline });
  }

  async #fetch(url, { method = "GET", body } = {}) {
    const path = url.replace("/api/v1", "");
    this.asked.push({ method, path, body: body ? JSON.parse(body) : null });
    const found = this.#answers.findLast((each) => path.startsWith(each.path));
    if (!found || found.offline) throw new TypeError("offline");
    const json = typeof found.json === "function" ? await found.json(path) : found.json;
    return new Response(JSON.stringify(json ?? {}), { status: found.status, headers: found.headers });
  }

  /** The requests so far, as "GET /crews". */
  requests() {
    return this.asked.map(({ method, path }) => `${method} ${path}`);
  }

  /** Let everything run that waits for nothing outside: answers, and what was put off by 0 ms. */
  async settle() {
    for (let turn = 0; turn < 10; turn += 1) {
      // Timers of one length fire in the order they were set: those of 0 ms that are due come first.
      await new Promise((done) => realTimeout(done, 1));
      await new Promise((done) => realImmediate(done));
    }
  }
}

/** A key, a click or a word typed at a node; returns whether the page kept it from the browser. */
export function fire(node, kind, details = {}) {
  const Kind = kind.startsWith("key") ? KeyboardEvent : kind === "click" ? MouseEvent : Event;
  return !node.dispatchEvent(new Kind(kind, { bubbles: true, cancelable: true, ...details }));
}
