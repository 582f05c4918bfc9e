// Whether a finger or a mouse button is down, or its click still to come: what moves or is exchanged in
// between loses the click, or gives it to another button.

const CLICK_MS = 500; // a touch that was no tap has none

export class Touch {
  #timer = null;

  /** `over()`: a touch has ended, and what it clicked has heard of it. */
  constructor(over) {
    this.over = over;
    this.lasts = false;
    const heard = (name, act) => window.addEventListener(name, act, { capture: true, passive: true });
    heard("pointerdown", () => this.#begin());
    heard("pointerup", () => this.#endIn(CLICK_MS));
    heard("pointercancel", () => this.#endIn(0));
    heard("click", () => this.#endIn(0)); // after all who listen
  }

  #begin() {
    clearTimeout(this.#timer);
    this.lasts = true;
  }

  #endIn(ms) {
    if (!this.lasts) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.lasts = false;
      this.over();
    }, ms);
  }
}
