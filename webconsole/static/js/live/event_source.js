// One EventSource that reconnects by itself and requests exactly what it missed. Touches no
// document, so that a shared worker can hold it for all windows.

const SILENT_MS = 25000; // the server speaks at least every 10 s: this long means a dead line
const RETRY_MS = [500, 1000, 2000, 4000, 8000];
const NAMES = ["hello", "tick", "positions", "reach", "change", "signed_out", "reset"];

export class EventLine {
  /**
   * `deliver(message)` gets {kind, data, id?}: the server's events under their own names, and
   * {kind: "phase", phase: "live" | "lost", silentMs}. `lastId`: the newest event already known.
   */
  constructor({ lastId = null, deliver }) {
    this.lastId = lastId;
    this.deliver = deliver;
    this.failures = 0;
    this.heardAtMs = Date.now();
    this.phase = "connecting";
    this.source = null;
    this.retry = null;
    // A machine wakes with a dead socket that still claims to be open: the clock tells.
    this.watch = setInterval(() => this.check(), 2000);
    this.reopen(0);
  }

  /** Open anew; what came meanwhile is asked for. */
  reopen(delayMs = 0) {
    this.source?.close();
    this.source = null;
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.#open(), delayMs);
  }

  /** Look at once whether the line has been silent for too long. */
  check() {
    if (!this.source || Date.now() - Math.max(this.heardAtMs, this.waitingSinceMs) <= SILENT_MS) return;
    this.#phase("lost");
    this.reopen(0);
  }

  close() {
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
    this.phase = "closed";
  }

  #open() {
    // Our own query instead of the browser's retry: it gives up for good on a 503.
    const query = this.lastId === null ? "" : `?last_event_id=${encodeURIComponent(this.lastId)}`;
    const source = new EventSource(`/api/v1/stream${query}`);
    this.source = source;
    this.waitingSinceMs = Date.now();
    for (const name of NAMES) {
      source.addEventListener(name, (message) => {
        if (source === this.source) this.#take(name, JSON.parse(message.data || "{}"), message.lastEventId);
      });
    }
    source.onerror = () => {
      if (source !== this.source) return;
      this.#phase("lost");
      if (this.failures > 0) this.askWhoWeAre();
      this.reopen(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
      this.failures += 1;
    };
  }

  #take(kind, data, lastEventId) {
    this.heardAtMs = Date.now();
    const message = { kind, data };
    if (kind === "hello") {
      this.failures = 0;
      this.lastId ??= data.head_id ?? null;
      this.#phase("live");
    } else if (kind === "change") {
      message.id = Number(lastEventId || data.id);
      if (this.lastId !== null && message.id <= Number(this.lastId)) return;
      this.lastId = message.id;
    } else if (kind === "reset") {
      this.lastId = data.head_id ?? this.lastId;
    } else if (kind === "signed_out") {
      this.close();
    }
    this.deliver(message);
  }

  /** A refused stream does not say why; a session that ended is told apart from a broken network. */
  async askWhoWeAre() {
    try {
      const answer = await fetch("/api/v1/me", { cache: "no-store", credentials: "same-origin" });
      if (answer.status === 401 && this.phase !== "closed") this.#take("signed_out", {});
    } catch {
      // no network: the line goes on trying
    }
  }

  /** For how long nothing has been heard. An age, not an instant: the windows' clocks may be others. */
  silentMs() {
    return Date.now() - this.heardAtMs;
  }

  #phase(phase) {
    if (this.phase === "closed") return;
    this.phase = phase;
    this.deliver({ kind: "phase", phase, silentMs: this.silentMs() });
  }
}
