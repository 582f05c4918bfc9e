import assert from "node:assert/strict";
import { test } from "node:test";
import { uniform } from "../random.js";
import { fullDisk, phone, step } from "./phone.js";

const STEPS = ["accept", "depart", "arrive", "complete"];
const ROUNDS = 12;
const TURNS = 30;
const hop = () => new Promise((done) => setImmediate(done));
const never = () => new Promise(() => {});

/** Locks of one phone, released when a window is killed. */
class Locks {
  #held = new Map();
  #waiting = [];
  #dead = new Set();

  of = (owner) => async (name, act) => {
    while (this.#held.has(name)) await new Promise((done) => this.#waiting.push(done));
    if (this.#dead.has(owner)) return never();
    this.#held.set(name, owner);
    try {
      return await act();
    } finally {
      if (this.#held.get(name) === owner) this.#release(name);
    }
  };

  #release(name) {
    this.#held.delete(name);
    for (const go of this.#waiting.splice(0)) go();
  }

  kill(owner) {
    this.#dead.add(owner);
    for (const [name, holder] of this.#held) if (holder === owner) this.#release(name);
  }
}

class Story {
  /** Names of actions that were said to be kept, and all that were ever made: name → action. */
  kept = new Set();
  made = new Map();
  windows = [];
  locks = new Locks();
  opened = 0;

  constructor({ page, server }, random) {
    Object.assign(this, { page, server, random });
    server.onTheWay = async () => {
      for (let hops = this.below(4); hops > 0; hops -= 1) await hop();
    };
  }

  below = (n) => Math.floor(this.random() * n);
  one = (list) => list[this.below(list.length)];

  async open() {
    const name = `window ${(this.opened += 1)}`;
    const { Outbox } = await this.page.script("outbox/outbox");
    const outbox = new Outbox(7, { exclusively: this.locks.of(name) });
    await outbox.begin();
    this.windows.push({ name, outbox });
    return outbox;
  }

  /** The system ends a window in the middle of whatever it does; another is opened. */
  async kill() {
    const [{ name, outbox }] = this.windows.splice(this.below(this.windows.length), 1);
    outbox.channel.close();
    outbox.channel = null;
    outbox.store = { all: never, keep: never, forget: never, blobOf: never };
    outbox.flush = () => {};
    this.locks.kill(name);
    await this.open();
  }

  put(outbox, wanted) {
    outbox.put(wanted).then(({ clientId }) => this.kept.add(clientId));
    const action = outbox.actions.at(-1);
    this.made.set(action.clientId, action);
  }

  act() {
    const { outbox } = this.one(this.windows);
    const order = 1 + this.below(3);
    const what = this.below(6);
    if (what === 0) this.put(outbox, { kind: "message", path: `/incidents/${order}/messages`, body: { words: "?" }, says: "message" });
    else if (what === 1) this.put(outbox, { kind: "photo", path: `/incidents/${order}/photos`, blob: new Blob(["picture"]), says: "photo" });
    else {
      const before = outbox.waiting(...STEPS).findLast(({ about }) => about.orderId === order);
      const next = STEPS[(STEPS.indexOf(before?.kind) + 1) % STEPS.length];
      this.put(outbox, step(next, order, { after: before ? [before.clientId] : [] }));
    }
  }

  async turn() {
    const { server } = this;
    const path = `/assignments/${1 + this.below(3)}/${this.one(STEPS)}`;
    const what = this.below(16);
    if (what < 7) this.act();
    else if (what < 10) server.reached = !server.reached;
    else if (what === 10) server.lostAnswers.add(path);
    else if (what === 11 && server.refusals.size < 2) server.refusals.set(path, { code: "wrong_state", already: this.below(2) === 0, detail: "No." });
    else if (what === 12) server.troubles.has(path) ? server.troubles.delete(path) : server.troubles.add(path);
    else if (what === 13) this.free = this.free ? void this.free() : fullDisk();
    else await this.kill();
    for (let hops = this.below(30); hops > 0; hops -= 1) await hop();
    for (const { outbox } of this.windows) if (this.below(2)) outbox.flush({ atOnce: true });
  }

  /** Signal, room and a sound server; then one more start, to see what is left. */
  async end() {
    this.free?.();
    this.server.reached = true;
    this.server.troubles.clear();
    for (let tries = 0; tries < 100 && this.windows.some(({ outbox }) => outbox.waiting().length || outbox.sending.size); tries += 1) {
      for (const { outbox } of this.windows) outbox.flush({ atOnce: true });
      await this.page.settle();
    }
    const last = await this.open();
    await this.page.settle();
    return last;
  }
}

function check({ kept, made, server }, last) {
  const first = new Map(); // name → place in the order of what the server took
  for (const { body, path } of server.heard) if (server.kept.get(body.client_id) === path && !first.has(body.client_id)) first.set(body.client_id, first.size);
  const refused = new Map(last.actions.filter(({ state }) => state === "refused").map((action) => [action.clientId, action]));

  assert.deepEqual(last.waiting(), []);
  for (const name of kept) {
    const left = last.refused().some(({ clientId }) => clientId === name);
    assert.ok(server.kept.has(name) !== left, `${made.get(name).path} is ${left ? "both sent and left" : "lost"}`);
  }
  for (const [name, at] of first) {
    for (const before of made.get(name).after) {
      const said = refused.get(before);
      assert.ok(said ? said.why.already : !kept.has(before) || first.get(before) < at, `${made.get(name).path} came before ${made.get(before).path}`);
    }
  }
  // Whatever was sent twice was sent as the same.
  const bodies = new Map();
  for (const { body } of server.heard.filter(({ path }) => !path.endsWith("/photos"))) {
    assert.deepEqual(body, bodies.get(body.client_id) ?? body);
    bodies.set(body.client_id, body);
  }
}

test("whatever the line, the disk, the server and the system do, each action arrives once and in order", async (t) => {
  for (let seed = 1; seed <= ROUNDS; seed += 1) {
    const scene = phone(t);
    const story = new Story(scene, uniform(seed));
    await story.open();
    await story.open();

    for (let turn = 0; turn < TURNS; turn += 1) await story.turn();
    const last = await story.end();

    try {
      check(story, last);
    } catch (error) {
      error.message = `seed ${seed}: ${error.message}`;
      throw error;
    }
    assert.ok(story.made.size > 3);
    await scene.page.close();
  }
});
