// Questions that follow one another faster than they are answered, as while a point is dragged.

/**
 * Return `ask(what)`: puts a question, or remembers it until the one before is answered; of those
 * that wait only the newest is put. So answers come in the order of their questions, and an old one
 * never replaces a newer one.
 *
 * `put(what)` answers or throws; `answered(answer, what)`, `failed(error)`; `slow(is)`: whether an
 * answer is waited for longer than `slowMs`.
 */
export function latestWins(put, { answered, failed, slow = () => {}, slowMs = 500 }) {
  let next = null;
  let running = false;

  async function run() {
    running = true;
    const timer = setTimeout(() => slow(true), slowMs);
    while (next) {
      const { what } = next;
      next = null;
      try {
        answered(await put(what), what);
      } catch (error) {
        if (!next) failed(error);
      }
    }
    clearTimeout(timer);
    slow(false);
    running = false;
  }

  return (what) => {
    next = { what };
    if (!running) run();
  };
}
