// Work that is asked for more often than it can be done: one at a time, and once more for all that was asked
// for meanwhile.

export class OneByOne {
  #runs = false;
  #wanted = false;

  /** `work()` returns a promise. */
  constructor(work) {
    this.work = work;
  }

  async again() {
    this.#wanted = true;
    if (this.#runs) return;
    this.#runs = true;
    try {
      while (this.#wanted) {
        this.#wanted = false;
        await this.work();
      }
    } finally {
      this.#runs = false;
    }
  }
}
