// A field to sign in, by finger, pen or mouse. Lines are kept in a grid of their own: a phone that is
// turned or reloaded shows them as they were drawn.
import { el } from "../core/dom.js";

export const WIDTH = 600;
export const HEIGHT = 300;
const NEAREST = 3; // closer points say nothing new
const LONGEST = 20_000; // characters that the server takes
const INK = "#111";
const LINE = 4;

const pathOf = (strokes) => strokes.map((points) => points.map(([x, y], at) => `${at ? "L" : "M"}${x} ${y}`).join("")).join("");

/** Every second point of each line, its ends always. */
const thinned = (strokes) => strokes.map((points) => points.filter((_point, at) => at % 2 === 0 || at === points.length - 1));

export class SignaturePad {
  /** `changed()` is called after every line. */
  constructor({ label, changed }) {
    this.strokes = [];
    this.changed = changed;
    this.node = el("canvas.signature-pad", {
      width: WIDTH,
      height: HEIGHT,
      role: "img",
      "aria-label": label,
      onpointerdown: (event) => this.#down(event),
      onpointermove: (event) => this.#move(event),
      onpointerup: (event) => this.#up(event),
      onpointercancel: (event) => this.#up(event),
    });
    this.ink = this.node.getContext("2d");
    Object.assign(this.ink, { lineWidth: LINE, lineCap: "round", lineJoin: "round", strokeStyle: INK });
  }

  get empty() {
    return !this.strokes.length;
  }

  /** The lines as the path of an SVG, in a field of WIDTH × HEIGHT. */
  get path() {
    let { strokes } = this;
    while (pathOf(strokes).length > LONGEST) strokes = thinned(strokes);
    return pathOf(strokes);
  }

  /** Show lines that were drawn before, or none. */
  show(strokes) {
    this.strokes = strokes;
    this.drawing = null;
    this.ink.clearRect(0, 0, WIDTH, HEIGHT);
    for (const points of strokes) this.#draw(points, 0);
    this.changed();
  }

  #down(event) {
    if (this.drawing || event.button !== 0) return;
    event.preventDefault();
    this.node.setPointerCapture(event.pointerId);
    this.drawing = { pointerId: event.pointerId, points: [this.#at(event)] };
  }

  #move(event) {
    if (event.pointerId !== this.drawing?.pointerId) return;
    const { points } = this.drawing;
    // A slow phone tells of many places at once.
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const at = this.#at(each);
      const [x, y] = points.at(-1);
      if (Math.hypot(at[0] - x, at[1] - y) < NEAREST) continue;
      points.push(at);
      this.#draw(points, points.length - 2);
    }
  }

  #up(event) {
    if (event.pointerId !== this.drawing?.pointerId) return;
    const { points } = this.drawing;
    this.drawing = null;
    if (points.length === 1) {
      // A dot is a line too, or the point over an i would be lost.
      const [x, y] = points[0];
      points.push([Math.min(x + 1, WIDTH), y]);
      this.#draw(points, 0);
    }
    this.strokes.push(points);
    this.changed();
  }

  #at({ clientX, clientY }) {
    const { left, top, width, height } = this.node.getBoundingClientRect();
    const within = (part, most) => Math.round(Math.min(1, Math.max(0, part)) * most);
    return [within((clientX - left) / width, WIDTH), within((clientY - top) / height, HEIGHT)];
  }

  #draw(points, from) {
    this.ink.beginPath();
    this.ink.moveTo(...points[from]);
    for (const point of points.slice(from + 1)) this.ink.lineTo(...point);
    this.ink.stroke();
  }
}
