// The server's last answers, for where there is no signal: the network first, then what was kept.

/** What changes too often to be of use later, is large, or says nothing by itself. */
const NOT_KEPT = /^\/(me|push-key|routes|search|addresses|kit|ground)\b/;
const PATIENCE_MS = 3000;
const JUST_SAID_MS = 5000;
export const DAYS_MS = 7 * 86_400_000;

export const isKept = (path) => !NOT_KEPT.test(path);

const isSame = (body, other) => JSON.stringify(body) === JSON.stringify(other);

export class KeptAnswers {
  #stale = new Map(); // what was last answered from here: path → when the server said it
  #heard = false;
  #rereads = false;
  #underWay = new Map(); // path → how many questions
  #said = new Map(); // path → {body, at}: what the server said last, and when

  /**
   * `owner`: whose answers these are; nobody else is ever given them.
   * `store`: {read(url), write(record), remove(url)}, all promises.
   * `opened`: whether the page itself came from what was kept: nothing is waited for until the
   * network has said something. `now()`: milliseconds. `changed()`: other answers are old now.
   * `fresh()`: the server said something newer than what was given.
   */
  constructor({ owner, store, opened = false, now, changed = () => {}, fresh = () => {} }) {
    Object.assign(this, { owner, store, opened, now, changed, fresh });
  }

  /** When the server said what was last answered for a path, in milliseconds; null if just now. */
  staleSince(path) {
    return this.#stale.get(path) ?? null;
  }

  /** The answer for a path: `ask()` asks the server for it. */
  async get(path, ask) {
    if (!isKept(path)) return ask();
    const known = this.#rereads ? await this.#known(path) : null;
    if (known) return known.body;
    const asking = this.#fromServer(path, ask);
    const settled = asking.then((body) => ({ body }), (error) => ({ error }));
    const patience = this.opened && !this.#heard ? 0 : PATIENCE_MS;
    let timer;
    const first = await Promise.race([settled, new Promise((done) => (timer = setTimeout(done, patience, null)))]);
    clearTimeout(timer);
    if (first?.error && !first.error.offline) throw first.error;
    if (first && !first.error) return first.body;
    const kept = await this.#recall(path);
    if (kept) {
      this.#mark(path, kept.at);
      // What is still on its way is newer, and would be seen by nobody; the same words again are nothing new.
      if (!first) settled.then(({ body, error }) => error || isSame(body, kept.body) || this.fresh());
      return kept.body;
    }
    if (first) throw first.error;
    return asking;
  }

  /**
   * Let `read()` take again what came late; returns what it returns. What it asks for at once is not asked of
   * the server again where that was just done: on a line slower than our patience each reading would make the
   * next one necessary, without end.
   */
  reread(read) {
    this.#rereads = true;
    try {
      return read();
    } finally {
      this.#rereads = false;
    }
  }

  /** What need not be asked for again: what was just said, or else what is kept while a question is under way. */
  async #known(path) {
    const said = this.#said.get(path);
    if (said && this.now() - said.at < JUST_SAID_MS) return { body: structuredClone(said.body) };
    return this.#underWay.get(path) > 0 ? this.#recall(path) : null;
  }

  async #fromServer(path, ask) {
    this.#underWay.set(path, (this.#underWay.get(path) ?? 0) + 1);
    try {
      const body = await ask();
      this.#heard = true;
      this.#said.set(path, { body, at: this.now() });
      this.#mark(path, null);
      this.store.write({ url: path, owner: this.owner, at: this.now(), body }).catch(() => {}); // full
      return body;
    } catch (error) {
      if (!error.offline) {
        this.#heard = true;
        this.#said.delete(path);
        // Gone, or no longer this crew's: it must not come back from here.
        if (error.status === 403 || error.status === 404) this.store.remove(path).catch(() => {});
      }
      throw error;
    } finally {
      this.#underWay.set(path, this.#underWay.get(path) - 1);
    }
  }

  async #recall(path) {
    try {
      const record = await this.store.read(path);
      return record && record.owner === this.owner && this.now() - record.at < DAYS_MS ? record : null;
    } catch {
      return null; // storage is forbidden
    }
  }

  #mark(path, at) {
    if (this.staleSince(path) === at) return;
    if (at === null) this.#stale.delete(path);
    else this.#stale.set(path, at);
    this.changed();
  }
}
