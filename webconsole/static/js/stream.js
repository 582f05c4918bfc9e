// The live line. Reconnects by itself and asks for exactly what it missed.
import { setServerTime } from "./clock.js";

const SILENT_MS = 25000; // the server speaks at least every 10 s: this long means a dead line
const RETRY_MS = [500, 1000, 2000, 4000, 8000];

export class Stream {
  /**
   * `handlers`: change(event), positions(list), hello(data), reset(), heard(), state(phase).
   * `lastId`: the newest event the page's lists can be taken to hold.
   */
  constructor({ lastId = null, handlers }) {
    this.lastId = lastId;
    this.handlers = handlers;
    this.failures = 0;
    this.heardAtMs = Date.now();
    this.source = null;
    this.retry = null;
    this.watch = setInterval(() => this.#checkSilence(), 2000);
    // A phone wakes with a dead socket that still claims to be open.
    document.addEventListener("visibilitychange", () => this.#checkSilence());
    window.addEventListener("online", () => this.#reopen(0));
    window.addEventListener("pagehide", () => this.source?.close());
    window.addEventListener("pageshow", (event) => event.persisted && this.#reopen(0));
    this.#open();
  }

  #open() {
    clearTimeout(this.retry);
    this.source?.close();
    // Our own query instead of the browser's retry: it gives up for good on a 503.
    const query = this.lastId === null ? "" : `?last_event_id=${encodeURIComponent(this.lastId)}`;
    const source = new EventSource(`/api/v1/stream${query}`);
    this.source = source;
    this.heardAtMs = Date.now();
    const listen = (name, handle) =>
      source.addEventListener(name, (message) => {
        if (source !== this.source) return;
        this.#heard();
        handle(JSON.parse(message.data || "{}"), message);
      });
    listen("hello", (data) => {
      this.failures = 0;
      setServerTime(data.server_time);
      if (this.lastId === null) this.lastId = data.head_id;
      this.handlers.state("live");
      this.handlers.hello?.(data);
    });
    listen("tick", (data) => setServerTime(data.server_time));
    listen("positions", (data) => this.handlers.positions?.(data.positions ?? []));
    listen("change", (data, message) => {
      const id = Number(message.lastEventId || data.id);
      if (this.lastId !== null && id <= Number(this.lastId)) return;
      this.lastId = id;
      this.handlers.change(data);
    });
    listen("signed_out", () => document.dispatchEvent(new CustomEvent("signedout")));
    listen("reset", (data) => {
      if (data.head_id !== undefined) this.lastId = data.head_id;
      this.handlers.reset(data);
    });
    source.onerror = () => {
      if (source !== this.source) return;
      this.handlers.state("lost");
      this.#reopen(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
      this.failures += 1;
    };
  }

  #heard() {
    this.heardAtMs = Date.now();
    this.handlers.heard?.();
  }

  #checkSilence() {
    if (this.source && Date.now() - this.heardAtMs > SILENT_MS) {
      this.handlers.state("lost");
      this.#reopen(0);
    }
  }

  #reopen(delayMs) {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.#open(), delayMs);
  }
}
