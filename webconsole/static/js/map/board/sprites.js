// Bitmaps of markers. Each look is drawn once, as sharp as the screen is, and copied from then on: a
// copy costs microseconds, a path a tenth of a millisecond.
import { cardBox, drawCard, drawNumber, drawPin, numberFont, numberTag, pinBox } from "./pins.js";
import { BEAK, crewShape } from "./shapes.js";

const MOST = 3000; // labels come and go with the ages in them
const HEADING_STEP_DEG = 10;
const LABEL_PX = 11;
const LABEL_HEIGHT = 15;
const NEW_NAMES = 40; // drawn for one picture: more would be felt
const MOST_WIDTHS = 20000; // numbers, which are cheap to keep
const TURN = Math.PI * 2;
const paths = new Map();

function path(d) {
  if (!paths.has(d)) paths.set(d, new Path2D(d));
  return paths.get(d);
}

const labelKey = ({ words, alarm }) => `label|${alarm}|${words}`;

const beakAngle = (headingDeg) => (Math.round(headingDeg / HEADING_STEP_DEG) * HEADING_STEP_DEG) % 360;

export class Sprites {
  constructor(inks, dpr) {
    this.inks = inks;
    this.dpr = dpr;
    this.kept = new Map();
    this.widths = new Map();
    this.newNames = 0;
  }

  /** The bitmap of a key, drawn when it is new: {image, width, height, dx, dy, …} in CSS pixels. */
  #get(key, { width, height, ...rest }, draw) {
    const known = this.kept.get(key);
    if (known) return known;
    if (this.kept.size >= MOST) this.kept.clear();
    const image = document.createElement("canvas");
    image.width = Math.ceil(width * this.dpr);
    image.height = Math.ceil(height * this.dpr);
    const pen = image.getContext("2d");
    pen.scale(this.dpr, this.dpr);
    pen.lineJoin = "round";
    draw(pen);
    const sprite = { image, width: image.width / this.dpr, height: image.height / this.dpr, ...rest };
    this.kept.set(key, sprite);
    return sprite;
  }

  /** A crew's sign around its place. `heading_deg`: null where it stands. */
  crew({ state, stale, headingDeg = null, ringed = false }) {
    const heading = headingDeg === null ? "" : beakAngle(headingDeg);
    const box = { width: 40, height: 40, dx: -20, dy: -20 };
    return this.#get(`crew|${state}|${stale}|${heading}|${ringed}`, box, (pen) => {
      pen.translate(8, 8);
      if (ringed) this.#ring(pen, this.inks.accent, 14.5, 2.5);
      if (heading !== "") this.#beak(pen, heading);
      this.#crewBody(pen, state, stale);
    });
  }

  #ring(pen, colour, radius, width) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(12, 12, radius, 0, TURN);
    pen.stroke();
  }

  #beak(pen, degrees) {
    pen.save();
    pen.translate(12, 12);
    pen.rotate((degrees / 360) * TURN);
    pen.translate(-12, -12);
    pen.fillStyle = this.inks["s-outline"];
    pen.strokeStyle = this.inks.panel;
    pen.lineWidth = 1.2;
    pen.fill(path(BEAK));
    pen.stroke(path(BEAK));
    pen.restore();
  }

  #crewBody(pen, state, stale) {
    const { fill, line, cross } = crewShape(state);
    pen.strokeStyle = this.inks["s-outline"];
    pen.lineWidth = 1.5;
    if (fill) {
      pen.fillStyle = stale ? this.inks.panel : this.inks.crew[state];
      if (stale) pen.setLineDash([3, 2.4]);
      pen.fill(path(fill));
      pen.stroke(path(fill));
      pen.setLineDash([]);
    }
    pen.lineWidth = 2;
    if (line) pen.stroke(path(line));
    pen.lineCap = "round";
    if (!cross) return;
    pen.strokeStyle = this.inks["s-grey"];
    pen.lineWidth = 3;
    pen.stroke(path(cross));
  }

  /** An incident's pin, its tip on the place: {state, priority, picked}. Its number is a tag. */
  incident({ state, priority, picked = false }) {
    const pin = { state, priority, picked };
    return this.#get(`incident|${state}|${priority}|${picked}`, pinBox(pin), (pen) => drawPin(pen, this.inks, pin));
  }

  #word(pen, word, x, y, px, colour) {
    pen.font = `700 ${px}px ${this.inks.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = colour;
    pen.fillText(word, x, y);
  }

  /** Many crews: how many, and around it what part of them is in which state. */
  crews({ count, states }) {
    const radius = count < 10 ? 15 : count < 100 ? 17 : 20;
    const size = 2 * radius + 4;
    const parts = [...states].map(([state, n]) => `${state}${n}`).join();
    return this.#get(`crews|${parts}`, { width: size, height: size, dx: -size / 2, dy: -size / 2 }, (pen) => {
      pen.translate(size / 2, size / 2);
      pen.beginPath();
      pen.arc(0, 0, radius, 0, TURN);
      pen.fillStyle = this.inks.panel;
      pen.fill();
      let from = -TURN / 4;
      for (const [state, n] of states) {
        const to = from + (TURN * n) / count;
        pen.beginPath();
        pen.arc(0, 0, radius - 2.5, from, to);
        // Who is away is grey like the crosses that stand for them.
        pen.strokeStyle = state === "off_duty" ? this.inks["s-grey"] : this.inks.crew[state];
        pen.lineWidth = 5;
        pen.stroke();
        from = to;
      }
      pen.beginPath();
      pen.arc(0, 0, radius, 0, TURN);
      pen.strokeStyle = this.inks["s-outline"];
      pen.lineWidth = 1.2;
      pen.stroke();
      this.#word(pen, String(count), 0, 0.5, count < 100 ? 13 : 12, this.inks.ink);
    });
  }

  /** Many incidents: how many, how urgent the worst, and whether an emergency waits. */
  incidents({ count, worst, loud }) {
    const card = { count, worst, loud };
    return this.#get(`incidents|${count}|${worst}|${loud}`, cardBox(card), (pen) => drawCard(pen, this.inks, card));
  }

  /** A name under a marker, measured and not yet drawn; `alarm`: it has been silent for too long. */
  label(words, { alarm = false } = {}) {
    const width = Math.ceil(this.#measure(words, this.#labelFont)) + 8;
    return { words, alarm, width, height: LABEL_HEIGHT, dx: -width / 2, dy: 12 };
  }

  /** The number beside a pin, as a tag; drawn as text, for there are too many to keep pictures of. */
  number(id, look) {
    const number = String(id);
    return numberTag(number, this.#measure(number, numberFont(this.inks)), look);
  }

  /** A new picture begins: so many names may be drawn anew for it. */
  refill() {
    this.newNames = 0;
  }

  /** Whether there were more names to draw than one picture has time for. */
  get spent() {
    return this.newNames > NEW_NAMES;
  }

  /** Draw a tag with its corner at (x, y), in the screen's own pixels; a name may have to wait. */
  drawTag(pen, tag, x, y) {
    if (tag.number !== undefined) {
      drawNumber(pen, this.inks, tag, { x, y, dpr: this.dpr });
      return;
    }
    if (!this.kept.has(labelKey(tag)) && (this.newNames += 1) > NEW_NAMES) return;
    pen.drawImage(this.#labelImage(tag), x, y);
  }

  get #labelFont() {
    return `${LABEL_PX}px ${this.inks.font}`;
  }

  #labelImage({ words, alarm, width, height }) {
    return this.#get(labelKey({ words, alarm }), { width, height }, (pen) => {
      pen.fillStyle = this.inks.panel;
      pen.beginPath();
      pen.roundRect(0, 0, width, height, 3);
      pen.fill();
      pen.font = this.#labelFont;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillStyle = alarm ? this.inks.alarm : this.inks.ink;
      pen.fillText(words, width / 2, 8);
    }).image;
  }

  #measure(words, font) {
    const key = `${font}|${words}`;
    if (!this.widths.has(key)) {
      if (this.widths.size >= MOST_WIDTHS) this.widths.clear();
      this.ruler ??= document.createElement("canvas").getContext("2d");
      this.ruler.font = font;
      this.widths.set(key, this.ruler.measureText(words).width);
    }
    return this.widths.get(key);
  }
}
