// The stream of a page that does not share it with other windows.
import { setServerTime } from "../core/clock.js";
import { EventLine } from "./event_source.js";

/**
 * What a page does with what comes over the line, however it came.
 *
 * `handlers`: change(event), positions(list), reach(list), hello(data), tick(data), reset(data),
 * heard(silentMs) for how long nothing was, state(phase, silentMs).
 * `lastId`: the newest event the page's lists can be taken to hold.
 */
export class StreamReader {
  constructor({ lastId = null, handlers }) {
    this.lastId = lastId;
    this.handlers = handlers;
  }

  receive({ kind, data = {}, id, phase, silentMs = 0 }) {
    const { handlers } = this;
    if (kind === "phase") {
      handlers.state(phase, silentMs);
      return;
    }
    // First: when it was heard is told by the server's clock.
    if (kind === "hello" || kind === "tick") setServerTime(data.server_time);
    handlers.heard?.(silentMs);
    if (kind === "hello") {
      this.lastId ??= data.head_id ?? null;
      handlers.hello?.(data);
    } else if (kind === "tick") {
      handlers.tick?.(data);
    } else if (kind === "positions") {
      handlers.positions?.(data.positions ?? []);
    } else if (kind === "reach") {
      handlers.reach?.(data.reach ?? []);
    } else if (kind === "change") {
      if (this.lastId !== null && id <= Number(this.lastId)) return;
      this.lastId = id;
      handlers.change(data);
    } else if (kind === "signed_out") {
      document.dispatchEvent(new CustomEvent("signedout"));
    } else if (kind === "reset") {
      if (data.head_id !== undefined) this.lastId = data.head_id;
      handlers.reset(data);
    }
  }
}

/** A line of this page alone. */
export class Stream {
  constructor({ lastId = null, handlers }) {
    const reader = new StreamReader({ lastId, handlers });
    let line = null;
    const open = () => {
      line = new EventLine({ lastId: reader.lastId, deliver: (message) => reader.receive(message) });
    };
    document.addEventListener("visibilitychange", () => line.check());
    window.addEventListener("online", () => line.reopen(0));
    window.addEventListener("pagehide", () => line.close());
    window.addEventListener("pageshow", (event) => event.persisted && open());
    open();
  }
}
