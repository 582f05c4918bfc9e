// The console's stream, shared by all windows of this browser and account: through a shared worker;
// where there is none, held by one of the windows; where that cannot be agreed either, each window
// opens its own. Whoever holds it, the messages are the same.
import { newKey } from "../core/api.js";
import { boot } from "../core/boot.js";
import { Stream, StreamReader } from "./stream.js";
import { Hub, PROTOCOL } from "./stream_hub.js";
import { hold, whenGone } from "./window_locks.js";

const WELCOME_MS = 10000;
const SILENT_MS = 25000;
const PONG_MS = 5000;
const WORKER = new URL(boot.stream_worker, location.href);
const LINE = `nearcrew line ${boot.username} ${WORKER.pathname}`;

/** A way to a hub in a worker; null where there are no such workers. */
function throughWorker(id, receive, failed) {
  if (typeof SharedWorker !== "function") return null;
  let worker;
  try {
    worker = new SharedWorker(WORKER, { type: "module", name: LINE });
  } catch {
    return null; // switched off by a policy of the browser
  }
  worker.onerror = failed;
  worker.port.onmessage = ({ data }) => receive(data);
  return { post: (message) => worker.port.postMessage(message), close: () => worker.port.close() };
}

/** A way to a hub in one of the windows: whoever is given the lock holds the line for all. */
function throughElected(id, receive, rejoin) {
  if (!navigator.locks || typeof BroadcastChannel !== "function") return null;
  const channel = new BroadcastChannel(LINE);
  let hub = null;
  let resign = null;
  const leaving = new AbortController();
  const toHub = (from, message) => hub.receive(from, message, (answer) => (from === id ? receive(answer) : channel.postMessage({ to: from, message: answer })));
  channel.onmessage = ({ data }) => {
    if (data.to === "hub" && hub) {
      if (data.message.kind === "join") whenGone(data.message.lock, () => hub?.leave(data.from));
      toHub(data.from, data.message);
    } else if (data.to === id) receive(data.message);
    else if (data.to === "all") rejoin();
  };
  navigator.locks
    .request(LINE, { signal: leaving.signal }, () => {
      hub = new Hub();
      rejoin();
      channel.postMessage({ to: "all" });
      return new Promise((done) => (resign = done));
    })
    .catch(() => {}); // left before its turn came
  return {
    post: (message) => (hub ? toHub(id, message) : channel.postMessage({ to: "hub", from: id, message })),
    close: () => {
      hub?.leave(id);
      hub = null;
      leaving.abort();
      resign?.();
      channel.close();
    },
  };
}

export class SharedStream {
  /** `handlers` as in StreamReader, and lead(whether this window makes the sounds). */
  constructor({ lastId, handlers }) {
    this.reader = new StreamReader({ lastId, handlers });
    this.handlers = handlers;
    this.able = false;
    this.heardAtMs = Date.now();
    window.addEventListener("online", () => this.way?.post({ kind: "check" }));
    document.addEventListener("visibilitychange", () => this.#look());
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#begin());
    document.addEventListener("submit", (event) => {
      if (event.target.getAttribute("action") === "/sign-out") this.way?.post({ kind: "leaving" });
    });
    setInterval(() => this.#look(), 2000);
    this.#begin();
  }

  /** Tell whether this window may make sounds: one that may is preferred for it. */
  setAble(able) {
    this.able = able;
    this.way?.post({ kind: "able", able });
  }

  async #begin() {
    this.id = newKey();
    this.lock = `nearcrew window ${this.id}`;
    this.unlock = await hold(this.lock);
    this.#use(throughWorker(this.id, (message) => this.#receive(message), () => this.#elect()), () => this.#elect());
  }

  #elect() {
    this.#use(throughElected(this.id, (message) => this.#receive(message), () => this.#join()), () => this.#alone());
  }

  #alone() {
    this.#leave();
    this.handlers.lead?.(true);
    new Stream({ lastId: this.reader.lastId, handlers: this.handlers });
    this.isAlone = true;
  }

  #use(way, otherwise) {
    this.#leave();
    if (!way) {
      otherwise();
      return;
    }
    this.way = way;
    this.otherwise = otherwise;
    this.patience = setTimeout(otherwise, WELCOME_MS);
    this.#join();
  }

  #join() {
    this.way?.post({ kind: "join", protocol: PROTOCOL, id: this.id, lock: this.lock, lastId: this.reader.lastId, able: this.able });
  }

  #receive(message) {
    const { kind } = message;
    if (kind === "welcome") clearTimeout(this.patience);
    else if (kind === "stranger") this.#alone();
    else if (kind === "lead") this.handlers.lead?.(message.lead);
    else {
      clearTimeout(this.missing);
      this.missing = null;
      if (kind === "pong") return;
      if (kind !== "phase") this.heardAtMs = Date.now();
      this.reader.receive(message);
    }
  }

  /** Silence is the line's to mend; only when whoever holds it does not answer, another is found. */
  #look() {
    if (this.isAlone || !this.way || this.missing || Date.now() - this.heardAtMs < SILENT_MS) return;
    this.way.post({ kind: "ping" });
    this.missing = setTimeout(() => this.otherwise(), PONG_MS);
  }

  #leave() {
    clearTimeout(this.patience);
    clearTimeout(this.missing);
    this.missing = null;
    this.way?.post({ kind: "bye" });
    this.way?.close();
    this.way = null;
  }

  #close() {
    this.#leave();
    this.unlock?.();
  }
}
