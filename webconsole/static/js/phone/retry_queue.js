// Queue that sends items to the server one at a time and in order, and retries: at once, when there
// is signal again, when the page is looked at again, and every so often in between.
import { ApiError } from "../core/api.js";

export class RetryQueue {
  /**
   * `next()` is what goes first, if anything waits; `send(entry)` sends it; `refused(error, entry)`
   * when the server says no; `gone(entry)` puts it away, sent or refused; `later()` when there was
   * no answer and it is tried again after the next of `retryMs`.
   */
  constructor({ next, send, refused, gone, later, retryMs }) {
    Object.assign(this, { next, send, refused, gone, later, retryMs });
    this.failures = 0;
    this.sending = false;
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden || this.flush());
  }

  async flush() {
    if (this.sending || !this.next()) return;
    clearTimeout(this.timer);
    this.sending = true;
    try {
      for (let entry = this.next(); entry; entry = this.next()) {
        try {
          await this.send(entry);
          this.failures = 0;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          if (error.later) {
            this.#wait();
            return;
          }
          this.refused(error, entry);
        }
        await this.gone(entry);
      }
    } finally {
      this.sending = false;
    }
  }

  #wait() {
    this.timer = setTimeout(() => this.flush(), this.retryMs[Math.min(this.failures, this.retryMs.length - 1)]);
    this.failures += 1;
    this.later();
  }
}
