// Spoken guidance: by the phone's own voice, in the page's language, each sentence once.
import { readStored, writeStored } from "../core/browser_storage.js";
import { _, isChinese } from "../core/i18n.js";

const KEY = "nearcrew-voice";
const AT_ONCE_M = 30; // "turn right" is said this far before the turn, not at its kerb

export class Voice {
  constructor() {
    this.able = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
    this.on = this.able && readStored(KEY, false) === true;
    this.said = new Set();
  }

  toggle() {
    this.on = this.able && !this.on;
    writeStored(KEY, this.on);
    if (!this.on) window.speechSynthesis?.cancel();
    // Said from within the touch: browsers let a page speak only after one.
    else this.say(_("Voice guidance is on."));
  }

  say(text) {
    if (!this.on) return;
    const speech = new SpeechSynthesisUtterance(text);
    speech.lang = isChinese() ? "zh-CN" : "en-GB";
    speech.voice = window.speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith(speech.lang.slice(0, 2))) ?? null;
    window.speechSynthesis.cancel(); // what is nearer is more urgent
    window.speechSynthesis.speak(speech);
  }

  /** Say what is due on the way to the next manoeuvre. */
  guide(orderId, next) {
    if (!this.on || !next) return;
    const { step, aheadM } = next;
    // By place, not by number: a path fetched anew counts from where the crew is.
    const name = (alert) => `${orderId}|${step.kind}|${step.lonlat.join()}|${alert.ahead_m}`;
    const due = step.alerts.filter((alert) => aheadM <= Math.max(alert.ahead_m, AT_ONCE_M));
    const last = due.at(-1);
    if (!last || this.said.has(name(last))) return;
    for (const alert of due) this.said.add(name(alert));
    this.say(last.text);
  }
}
