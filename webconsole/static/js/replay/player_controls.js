// Controls of the player: play, step, speed and the slider with a mark for each event.
import { el, fill, svg, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { SPEEDS } from "./player.js";

const MOST_MARKS = 400;
const SKIP_S = 10;
const LONG_SKIP_S = 60;

const icon = (d) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d, fill: "currentColor" }));
const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M4 2.5h3v11H4zM9 2.5h3v11H9z";
const BACK = "M3 2.5h2v11H3zM13 2.5v11L6 8z";
const ON = "M11 2.5h2v11h-2zM3 2.5v11L10 8z";

export class Transport {
  constructor(node, past, player) {
    this.past = past;
    this.player = player;
    const button = (label, keys, path, act) => el("button.secondary.icon", { type: "button", "aria-label": label, title: `${label} (${keys})`, onclick: act }, icon(path));
    this.play = el("button.primary.icon.play", { type: "button", onclick: () => player.toggle() });
    this.back = button(_("To the event before"), ",", BACK, () => player.stepEvent(-1));
    this.on = button(_("To the next event"), ".", ON, () => player.stepEvent(1));
    this.slider = el("input.replay-slider", { type: "range", min: 0, max: Math.ceil(past.lengthS), step: 1, "aria-label": _("Time"), oninput: () => player.seek(Number(this.slider.value)) });
    this.speed = el("select", { "aria-label": _("Speed"), title: "+ −", onchange: () => player.setSpeed(Number(this.speed.value)) }, SPEEDS.map((speed) => el("option", { value: speed }, `${speed}×`)));
    this.time = el("time.replay-time");
    this.since = el("span.replay-since");
    fill(node,
      el("div.transport-buttons", { role: "group", "aria-label": _("Player") }, this.back, this.play, this.on),
      el("div.transport-time", {}, this.time, this.since),
      el("div.transport-line", {}, this.#marks(), this.slider),
      this.speed);
    document.addEventListener("keydown", (event) => this.#keys(event));
  }

  #marks() {
    const marks = el("div.transport-marks", { "aria-hidden": "true" });
    const put = (atS, kind) => {
      const mark = el(`i.${kind}`);
      mark.style.left = `${(100 * atS) / this.past.lengthS}%`;
      marks.append(mark);
    };
    for (const event of this.past.events.slice(0, MOST_MARKS)) put(event.atS, event.kind === "assignment.offered" ? "sent" : "event");
    for (const photo of this.past.photos.slice(0, MOST_MARKS)) put(photo.atS, "photo");
    return marks;
  }

  show({ atS, playing, speed }) {
    const iso = this.past.iso(atS);
    const label = playing ? _("Pause") : _("Play");
    const key = _("Space");
    if (this.play.getAttribute("aria-label") !== label) {
      this.play.setAttribute("aria-label", label);
      this.play.title = `${label} (${key})`;
      fill(this.play, icon(playing ? PAUSE : PLAY));
    }
    text(this.time, clock(iso));
    this.time.dateTime = iso;
    text(this.since, `${timer(atS)} / ${timer(this.past.lengthS)}`);
    if (document.activeElement !== this.slider || Number(this.slider.value) !== Math.round(atS)) this.slider.value = String(Math.round(atS));
    this.slider.setAttribute("aria-valuetext", clock(iso));
    this.speed.value = String(speed);
  }

  #keys(event) {
    const { target } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest?.("dialog")) return;
    const typing = target.matches?.("textarea, select, input:not([type=range])");
    if (typing || (event.key === " " && target.matches?.("button, a, summary"))) return;
    const skipS = event.shiftKey ? LONG_SKIP_S : SKIP_S;
    const act = {
      " ": () => this.player.toggle(),
      ArrowLeft: () => this.player.seek(this.player.atS - skipS),
      ArrowRight: () => this.player.seek(this.player.atS + skipS),
      Home: () => this.player.seek(0),
      End: () => this.player.seek(this.past.lengthS),
      ",": () => this.player.stepEvent(-1),
      ".": () => this.player.stepEvent(1),
      "+": () => this.player.stepSpeed(1),
      "=": () => this.player.stepSpeed(1),
      "-": () => this.player.stepSpeed(-1),
    }[event.key];
    // The map moves by arrows when it is the map that has the keyboard.
    if (!act || (event.key.startsWith("Arrow") && target.closest?.(".leaflet-container"))) return;
    event.preventDefault();
    act();
  }
}
