// Guidance banner, readable at arm's length: arrow, distance and text of the next manoeuvre; below,
// the one after it.
import { el, fill, text } from "../core/dom.js";
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { arrow } from "./turn_arrows.js";

const NEWS_MS = 6000;
const NEAR_M = 20;

export class Banner {
  constructor(voice) {
    this.voice = voice;
    this.sign = el("div.sign");
    this.ahead = el("div.ahead");
    this.what = el("div.what", { "aria-live": "polite" });
    this.after = el("div.after");
    this.news = el("p.news", { role: "status" });
    this.voiceLabel = el("span");
    this.toggle = el("button.voice", { type: "button", onclick: () => this.#toggle() }, this.voiceLabel, el("span.switch-track", { "aria-hidden": "true" }));
    this.main = el("div.now", {}, this.sign, el("div.words", {}, this.ahead, this.what));
    this.node = el("section.banner", { "aria-label": _("Way"), hidden: true }, this.main, el("div.second", {}, this.after, this.toggle), this.news);
    this.#drawToggle();
  }

  #toggle() {
    this.voice.toggle();
    this.#drawToggle();
  }

  #drawToggle() {
    const { on, able } = this.voice;
    this.toggle.setAttribute("aria-pressed", String(on));
    this.toggle.disabled = !able;
    text(this.voiceLabel, able ? _("Voice") : _("No voice on this phone"));
  }

  /** Show where the course stands. */
  show(course) {
    const { next } = course;
    this.node.hidden = !next;
    if (!next) return;
    const { step, aheadM, after } = next;
    const look = `${step.kind}|${step.lonlat}|${after?.lonlat}`;
    if (this.look !== look) {
      this.look = look;
      fill(this.sign, arrow(step));
      text(this.what, step.instruction);
      fill(this.after, after ? [el("span.then", {}, _("Then")), arrow(after), el("span", {}, after.instruction)] : []);
    }
    text(this.ahead, aheadM < NEAR_M ? _("Now") : rounded(aheadM));
    this.#sayNews(course);
  }

  #sayNews(course) {
    let news = "";
    if (course.strayed && course.failed) news = _("Off route, and no connection. Keeping the last route.");
    else if (course.strayed) news = _("Off route. Calculating a new one…");
    else if (course.workedOutHere) news = _("No connection: this way was worked out on the phone.");
    else if (course.rerouted && performance.now() - course.rerouted < NEWS_MS) news = _("New route from here.");
    else if (course.failed) news = _("No connection. Guiding along the last known route.");
    text(this.news, news);
    this.news.dataset.bad = String(course.strayed || course.failed);
  }
}

/** Steps as coarse as one drives: 10 m below 300 m, 50 m below a kilometre. */
function rounded(metres) {
  if (metres < 300) return distance(Math.round(metres / 10) * 10);
  return distance(metres < 950 ? Math.round(metres / 50) * 50 : metres);
}
