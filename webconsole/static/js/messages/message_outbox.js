// A crew's messages that wait to be sent, once and in order. They wait where the steps do: through
// a reload, a dead battery and a cellar without signal.
import { newKey, post } from "../core/api.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { now } from "../core/clock.js";
import { RetryQueue } from "../phone/retry_queue.js";

const RETRY_MS = [1000, 2000, 5000, 10000, 20000];

export class MessageOutbox {
  /**
   * `changed(incidentId, sent)` after every one in or out; `sent` is a message that the server has
   * taken. Those that were refused stay in `refused`.
   */
  constructor(crewId, changed) {
    this.key = `nearcrew-messages-${crewId}`;
    this.refusedKey = `nearcrew-refused-messages-${crewId}`;
    this.waiting = readStored(this.key, []);
    /** {incidentId, words, why}: what the server did not take; the words are only here. */
    this.refused = readStored(this.refusedKey, []);
    this.changed = changed;
    this.sending = new RetryQueue({
      next: () => this.waiting[0],
      send: (entry) => this.#send(entry),
      refused: (error, { incidentId, words }) => this.#keepRefused([...this.refused, { incidentId, words, why: error.whole }]),
      gone: ({ incidentId }) => this.#gone(incidentId),
      later: () => this.changed(null),
      retryMs: RETRY_MS,
    });
  }

  add(incidentId, words) {
    this.waiting.push({ incidentId, words, clientId: newKey(), writtenAt: new Date(now()).toISOString() });
    writeStored(this.key, this.waiting);
    this.changed(incidentId);
    this.flush();
  }

  /** Those of one incident as the conversation shows them. */
  of(incidentId) {
    return this.waiting
      .filter((each) => each.incidentId === incidentId)
      .map(({ words, clientId, writtenAt }) => ({ client_id: clientId, side: "crew", words, written_at: writtenAt, waiting: true, read_by: [] }));
  }

  /** Somebody has seen what was refused. */
  acknowledge() {
    this.#keepRefused([]);
  }

  flush() {
    return this.sending.flush();
  }

  async #send({ incidentId, words, clientId, writtenAt }) {
    const sent = await post(`/incidents/${incidentId}/messages`, { words, client_id: clientId, written_at: writtenAt });
    this.changed(incidentId, sent);
  }

  #keepRefused(refused) {
    this.refused = refused;
    writeStored(this.refusedKey, refused);
    this.changed(null);
  }

  #gone(incidentId) {
    this.waiting.shift();
    writeStored(this.key, this.waiting);
    this.changed(incidentId);
  }
}
