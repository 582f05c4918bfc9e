// Clock of a replay: playing, paused, moved. Knows nothing of what is shown.
import { lastAt } from "./past.js";

export const SPEEDS = [1, 2, 5, 10, 20, 30, 60];
const SMOOTH_MS = 33;
const CALM_MS = 1000;
/** A tab that was hidden for an hour does not jump by it. */
const LONGEST_STEP_MS = 500;

export class Player {
  /** `changed({atS, playing, speed})` is called whenever one of them is another. */
  constructor({ lengthS, stops, changed }) {
    this.lengthS = lengthS;
    this.stops = stops;
    this.changed = changed;
    this.atS = 0;
    this.speed = 10;
    this.playing = false;
    this.everyMs = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM_MS : SMOOTH_MS;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.playing) return;
    if (this.atS >= this.lengthS) this.atS = 0; // from its end it begins anew
    this.playing = true;
    this.drawnMs = null;
    requestAnimationFrame((nowMs) => this.#step(nowMs));
    this.#tell();
  }

  pause() {
    this.playing = false;
    this.#tell();
  }

  seek(atS) {
    this.atS = Math.min(this.lengthS, Math.max(0, atS));
    this.#tell();
  }

  /** To the next thing that happened (+1), or the one before (-1). */
  stepEvent(by) {
    const index = lastAt(this.stops, this.atS + (by > 0 ? 0.001 : -0.001));
    const target = this.stops[by > 0 ? index + 1 : index];
    this.pause();
    this.seek(target ?? (by > 0 ? this.lengthS : 0));
  }

  setSpeed(speed) {
    this.speed = speed;
    this.#tell();
  }

  /** The next faster speed (+1), or the next slower (-1). */
  stepSpeed(by) {
    const index = Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(this.speed) + by));
    this.setSpeed(SPEEDS[index]);
  }

  #step(nowMs) {
    if (!this.playing) return;
    this.drawnMs ??= nowMs;
    const passedMs = nowMs - this.drawnMs;
    if (passedMs >= this.everyMs) {
      this.drawnMs = nowMs;
      this.atS = Math.min(this.lengthS, this.atS + (Math.min(passedMs, Math.max(LONGEST_STEP_MS, this.everyMs)) / 1000) * this.speed);
      if (this.atS >= this.lengthS) this.playing = false;
      this.#tell();
    }
    if (this.playing) requestAnimationFrame((next) => this.#step(next));
  }

  #tell() {
    this.changed({ atS: this.atS, playing: this.playing, speed: this.speed });
  }
}
