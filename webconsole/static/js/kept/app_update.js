// Registers the page's service worker, and offers a new version when there is one: nothing is
// exchanged by itself under somebody's hands.
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { KEPT_FOR, othersForgotten } from "./owner.js";
import { isTyping, mayOffer } from "./update_rules.js";
import { PAGE_CACHE, PAGE_PATH, buildOf } from "./worker_rules.js";

export const WORKER = "/crew-sw.js";
const EVERY_MS = 5 * 60_000;
const PATIENCE_MS = 2000;

/** Whether pages can be kept here at all: browsers allow it on https and on the machine itself. */
export const canKeep = () => window.isSecureContext && "serviceWorker" in navigator;

/** Ask a worker which build it is of; null if it does not say. */
function versionOf(worker) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = ({ data }) => done(data);
    setTimeout(done, PATIENCE_MS, null);
    worker.postMessage({ ask: "version" }, [port2]);
  });
}

class AppUpdate {
  #registration = null;
  #ready = null; // the worker that waits
  #taking = false;
  #checkedMs = performance.now(); // the page was just loaded

  /** `ringing()`, `answering()`: whether something rings, or asks for an answer. */
  constructor({ ringing, answering }) {
    Object.assign(this, { ringing, answering });
    this.node = el("section.app-update", { role: "status", hidden: true },
      el("p", {}, _("A new version is ready.")),
      el("button.big", { type: "button", onclick: () => this.#takeOver() }, _("Take over now")));
    /** As it stands on the crew's page (`phone/crew_parts.js`). */
    this.part = { id: "update", order: 95, dock: this.node, tick: () => this.#draw(), load: async () => this.#check() };
  }

  async begin() {
    if (!canKeep()) return;
    navigator.serviceWorker.addEventListener("controllerchange", () => this.#taking && location.reload());
    this.#registration = await navigator.serviceWorker.register(WORKER, { scope: PAGE_PATH });
    this.#registration.addEventListener("updatefound", () => {
      const { installing } = this.#registration;
      installing?.addEventListener("statechange", () => this.#look());
    });
    await Promise.all([this.#look(), this.#keepPage()]);
  }

  /** Ask whether the server has another build: with the orders, now and then. */
  #check() {
    if (performance.now() - this.#checkedMs < EVERY_MS) return;
    this.#checkedMs = performance.now();
    this.#registration?.update().catch(() => {}); // no signal
  }

  /** The worker may have come after the page: then the page is not kept yet. */
  async #keepPage() {
    const { active } = await navigator.serviceWorker.ready;
    await othersForgotten();
    localStorage.setItem(KEPT_FOR, boot.username);
    if (!(await caches.match(PAGE_PATH, { cacheName: PAGE_CACHE }))) active.postMessage({ ask: "keep page" });
  }

  async #look() {
    const { waiting } = this.#registration;
    if (!waiting || !navigator.serviceWorker.controller) return;
    if ((await versionOf(waiting)) === buildOf(import.meta.url)) {
      waiting.postMessage({ ask: "take over alone" }); // this page is of that build already
      return;
    }
    this.#ready = waiting;
    this.#draw();
  }

  #draw() {
    const dialog = document.querySelector("dialog[open]") !== null;
    const may = mayOffer({ ringing: this.ringing(), answering: this.answering(), typing: isTyping(document), dialog });
    this.node.hidden = !(this.#ready && may);
  }

  #takeOver() {
    this.#taking = true;
    this.#ready.postMessage({ ask: "take over" });
  }
}

/** Register the worker, and offer what is new. `ringing()`, `answering()` as above. */
export function bringUpdate(given) {
  const update = new AppUpdate(given);
  addCrewPart(update.part);
  update.begin().catch((error) => navigator.onLine && reportError(error)); // else at the next start
}
