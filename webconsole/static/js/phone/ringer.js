// Rings for a new order until it is answered: two tones made here, and the vibration motor.

const PULSE_MS = 1800;

export class Ringer {
  constructor(changed) {
    this.changed = changed;
    this.timer = null;
    this.context = null;
    // Browsers let a page sound only after it was touched once.
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => this.#unlock(), { passive: true });
  }

  /** True while the browser would keep the ring silent. */
  get muted() {
    return !this.context || this.context.state !== "running";
  }

  #unlock() {
    const Context = window.AudioContext ?? window.webkitAudioContext;
    if (!Context) return;
    this.context ??= new Context();
    if (this.context.state !== "running") this.context.resume().then(() => this.changed(), () => {});
  }

  start() {
    if (this.timer !== null) return;
    this.#pulse();
    this.timer = setInterval(() => this.#pulse(), PULSE_MS);
  }

  stop() {
    if (this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  }

  #pulse() {
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([500, 200, 500]);
    if (this.muted) {
      this.#unlockIfAllowed();
      return;
    }
    this.#tone(880, 0, 0.35);
    this.#tone(660, 0.4, 0.45);
  }

  /** Where the browser already allows sound (an installed page), no touch is needed. */
  #unlockIfAllowed() {
    if (navigator.userActivation?.hasBeenActive) this.#unlock();
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
