// One stream for many windows: a window that joins gets what it missed, one that leaves disturbs no
// other. Lives in a shared worker, or in one of the windows where there are no such workers.
import { EventLine } from "./event_source.js";

/** Both sides of a conversation must be of one make: a page kept open over an update has its own. */
export const PROTOCOL = 1;
const KEPT = 500; // changes told again to a window that joins; beyond, it loads its lists
const SIGN_OUT_LOOKS_MS = [300, 1500, 5000];

export class Hub {
  constructor() {
    this.windows = new Map();
    this.line = null;
    this.#forget();
  }

  #forget() {
    this.hello = null;
    this.kept = [];
    this.keptFrom = null;
    this.latest = new Map();
    this.reached = new Map();
  }

  /** A message of a window: {kind: "join" | "bye" | "ping" | "check" | "able" | "leaving", …}. */
  receive(id, message, post) {
    if (message.kind === "join") this.#join(id, message, post);
    else if (message.kind === "bye") this.leave(id);
    else if (message.kind === "able") {
      const known = this.windows.get(id);
      if (known) known.able = message.able;
      this.#chooseLead();
    } else if (message.kind === "ping") {
      this.line?.check();
      this.windows.get(id)?.post({ kind: "pong" });
    } else if (message.kind === "check") {
      if (this.line?.phase === "lost") this.line.reopen(0);
      else this.line?.check();
    } else if (message.kind === "leaving") {
      for (const soonMs of SIGN_OUT_LOOKS_MS) setTimeout(() => this.line?.askWhoWeAre(), soonMs);
    }
  }

  leave(id) {
    if (!this.windows.delete(id)) return;
    if (!this.windows.size) {
      this.line?.close();
      this.line = null;
    }
    this.#chooseLead();
  }

  #join(id, { lastId = null, able = false, protocol }, post) {
    if (protocol !== PROTOCOL) {
      post({ kind: "stranger" });
      return;
    }
    // Neither yet: under a former hub it may have made the sounds, and has to be told to stop.
    this.windows.set(id, { post, able, lead: null });
    post({ kind: "welcome" });
    if (!this.line || this.line.phase === "closed") {
      this.#forget();
      this.keptFrom = lastId;
      this.line = new EventLine({ lastId, deliver: (message) => this.#told(message) });
    } else {
      this.#catchUp(post, lastId);
    }
    this.#chooseLead();
  }

  /** What a window that joins later has missed since its page was written. */
  #catchUp(post, lastId) {
    const silentMs = this.line.silentMs();
    post({ kind: "phase", phase: this.line.phase, silentMs });
    // Without its time: that was true when the line was opened.
    if (this.hello) post({ kind: "hello", data: { ...this.hello, server_time: undefined }, silentMs });
    if (lastId !== null && this.keptFrom !== null && lastId < this.keptFrom) {
      post({ kind: "reset", data: { head_id: this.line.lastId }, silentMs });
    } else if (lastId !== null) {
      for (const change of this.kept) if (change.id > lastId) post(change);
    }
    if (this.latest.size) post({ kind: "positions", data: { positions: [...this.latest.values()] }, silentMs });
    if (this.reached.size) post({ kind: "reach", data: { reach: [...this.reached.values()] }, silentMs });
  }

  #told(message) {
    if (message.kind === "hello") {
      this.hello = message.data;
      this.keptFrom ??= message.data.head_id;
    } else if (message.kind === "change") {
      this.kept.push(message);
      if (this.kept.length > KEPT) this.keptFrom = this.kept.shift().id;
    } else if (message.kind === "reset") {
      this.kept = [];
      this.keptFrom = this.line.lastId;
    } else if (message.kind === "positions") {
      for (const row of message.data.positions ?? []) this.latest.set(row[0], row);
    } else if (message.kind === "reach") {
      for (const row of message.data.reach ?? []) this.reached.set(row[0], row);
    }
    for (const { post } of this.windows.values()) post(message);
  }

  /** One window makes the sounds and shows the notices: the first that may sound, else the first. */
  #chooseLead() {
    const all = [...this.windows.values()];
    const chosen = all.find((each) => each.able) ?? all[0];
    for (const each of all) {
      const lead = each === chosen;
      if (each.lead !== lead) each.post({ kind: "lead", lead });
      each.lead = lead;
    }
  }
}
