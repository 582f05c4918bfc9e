// Rings until somebody answers: tones made here, and the vibration motor. A new order, a change to
// one that is under way, and something that can wait sound different.

const SOUNDS = {
  order: { everyMs: 1800, vibrate: [500, 200, 500], tones: [[880, 0, 0.35], [660, 0.4, 0.45]] },
  offer: { everyMs: 1500, vibrate: [150, 80, 150, 80, 150], tones: [[990, 0, 0.14], [990, 0.2, 0.14], [1320, 0.4, 0.4]] },
  notice: { everyMs: 1600, vibrate: [200, 100, 200, 100, 600], tones: [[660, 0, 0.18], [880, 0.22, 0.18], [1100, 0.44, 0.5]] },
  check_in: { everyMs: 1500, vibrate: [400, 150, 400, 150, 400], tones: [[988, 0, 0.2], [988, 0.3, 0.2], [1319, 0.6, 0.4]] },
  soft: { everyMs: 8000, vibrate: [150], tones: [[660, 0, 0.2]] },
};
const HEARD = [[880, 0, 0.12]];
// Touch screens let a page sound from the end of a touch on, mice and keys from its beginning.
const TOUCHES = ["pointerup", "pointerdown", "touchend", "click", "keydown"];
const SETTLED_MS = 700;

export class Ringer {
  /** `changed()` whenever the page may begin or cease to be heard. */
  constructor(changed) {
    this.changed = changed;
    this.timer = null;
    this.what = null;
    this.context = null;
    /** Whether the browser has had the time to say if it lets the page be heard without a touch. */
    this.settled = false;
    this.#open();
    this.#resume();
    setTimeout(() => {
      this.settled = true;
      this.changed();
    }, SETTLED_MS);
    for (const name of TOUCHES) document.addEventListener(name, () => this.#touched(), { passive: true });
    document.addEventListener("visibilitychange", () => document.hidden || this.#resume());
    window.addEventListener("pageshow", () => this.#resume());
  }

  /** True while the browser would keep the ring silent. */
  get muted() {
    return this.context?.state !== "running";
  }

  /** Whether it rings for an order now, and is heard. */
  get rings() {
    return this.what === "order" && !this.muted;
  }

  #open() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!Context) return;
    this.context = new Context();
    // A call, another app's sound, the phone's sleep: the browser takes the sound away and says so.
    this.context.addEventListener("statechange", () => this.changed());
  }

  #resume() {
    if (this.context && this.muted) this.context.resume().then(() => this.changed(), () => {});
  }

  /** The first touch unlocks the sound, and is answered by one: so it is known that it works. */
  #touched() {
    if (!this.context || !this.muted) return;
    this.context.resume().then(() => {
      if (this.timer === null) this.#play(HEARD);
      this.changed();
    }, () => {});
  }

  /** Ring for an "order", an "offer" that others have too, a "notice", a "check_in", or softly ("soft"), until `stop`. */
  start(what = "order") {
    if (this.what === what) return;
    this.stop();
    this.what = what;
    this.#pulse();
    this.timer = setInterval(() => this.#pulse(), SOUNDS[what].everyMs);
  }

  stop() {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    this.what = null;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  }

  #pulse() {
    const { vibrate, tones } = SOUNDS[this.what];
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(vibrate);
    if (this.muted) this.#resume();
    else this.#play(tones);
  }

  #play(tones) {
    for (const [hertz, inS, forS] of tones) this.#tone(hertz, inS, forS);
  }

  #tone(hertz, inS, forS) {
    const start = this.context.currentTime + inS;
    const swing = this.context.createOscillator();
    const volume = this.context.createGain();
    swing.type = "square";
    swing.frequency.value = hertz;
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.3, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + forS);
    swing.connect(volume).connect(this.context.destination);
    swing.start(start);
    swing.stop(start + forS);
  }
}
