// Tells the server that this crew's page is open and whether it may make a sound: every 15 seconds,
// at each change, and that it is being left.
import { boot } from "../core/boot.js";
import { ApiError, newKey, put } from "../core/api.js";

const EVERY_MS = 15000;
const SOON_MS = 300; // the browser gives and takes sound in steps

export class ReachReport {
  /** `sound()`: whether a ring would be heard. */
  constructor(crewId, { sound }) {
    this.path = `/crews/${crewId}/reach`;
    this.device = newKey(); // of this tab, for as long as it is open
    this.sound = sound;
    this.told = null;
    setInterval(() => this.tell(), EVERY_MS);
    for (const name of ["pageshow", "online"]) window.addEventListener(name, () => this.tell());
    document.addEventListener("visibilitychange", () => document.hidden || this.tell());
    window.addEventListener("pagehide", () => this.#farewell());
  }

  /** The sound may have come or gone; said once for the first time, too. */
  changed() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.told !== this.sound() && this.tell(), SOON_MS);
  }

  async tell() {
    const sound = this.sound();
    this.told = sound;
    try {
      await put(this.path, { device: this.device, page: "open", sound });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.told = null; // the next one says it
    }
  }

  /** What is sent here must outlive the page. */
  #farewell() {
    fetch(`/api/v1${this.path}`, {
      method: "PUT",
      keepalive: true,
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": boot.csrf_token },
      body: JSON.stringify({ device: this.device, page: "closed", sound: this.sound() }),
    }).catch(() => {});
  }
}
