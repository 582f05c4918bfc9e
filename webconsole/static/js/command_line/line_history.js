// History of the command line, newest last, kept for this browser session.
const KEY = "nearcrew-commands";
const MOST = 50;

export class History {
  constructor(storage = sessionStorage) {
    this.storage = storage;
    try {
      this.lines = JSON.parse(storage.getItem(KEY) ?? "[]");
    } catch {
      this.lines = []; // forbidden or garbled
    }
    this.at = this.lines.length;
  }

  /** Keep a line; the same twice running counts once. */
  add(line) {
    if (this.lines.at(-1) !== line) this.lines = [...this.lines, line].slice(-MOST);
    this.at = this.lines.length;
    try {
      this.storage.setItem(KEY, JSON.stringify(this.lines));
    } catch {
      // not kept; holds until the page is left
    }
  }

  /** One back; null at the oldest. */
  older() {
    if (this.at === 0) return null;
    this.at -= 1;
    return this.lines[this.at];
  }

  /** One forward; "" behind the newest. */
  newer() {
    this.at = Math.min(this.lines.length, this.at + 1);
    return this.lines[this.at] ?? "";
  }
}
