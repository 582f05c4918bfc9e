// Bitmaps of markers. Each look is drawn once, as sharp as the screen is, and copied from then on: a
// copy costs microseconds, a path a tenth of a millisecond.
import { BEAK, PIN, PIN_TIP, badgeShape, crewShape } from "./shapes.js";

const MOST = 3000; // labels come and go with the ages in them
const HEADING_STEP_DEG = 10;
const LABEL_PX = 11;
const TURN = Math.PI * 2;
const paths = new Map();

function path(d) {
  if (!paths.has(d)) paths.set(d, new Path2D(d));
  return paths.get(d);
}

const beakAngle = (headingDeg) => (Math.round(headingDeg / HEADING_STEP_DEG) * HEADING_STEP_DEG) % 360;

export class Sprites {
  constructor(inks, dpr) {
    this.inks = inks;
    this.dpr = dpr;
    this.kept = new Map();
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

  /** An incident's pin, its tip on the place. Done ones are smaller unless they are picked. */
  incident({ state, priority, picked = false }) {
    const size = state === "resolved" && !picked ? 0.75 : 1;
    const margin = 2;
    const box = {
      width: (34 + 2 * margin) * size,
      height: (40 + 2 * margin) * size,
      dx: -(PIN_TIP.x + margin) * size,
      dy: -(PIN_TIP.y + margin) * size,
    };
    return this.#get(`incident|${state}|${priority}|${picked}`, box, (pen) => {
      pen.scale(size, size);
      pen.translate(margin, margin);
      this.#pin(pen, state, { edge: picked ? this.inks.ink : this.inks.panel, width: picked ? 2.5 : 1.5 });
      this.#word(pen, String(priority), 15, 15.5, 14, this.#incidentInks(state).ink);
      this.#badge(pen, badgeShape(state), { ground: this.inks.panel, edge: this.#incidentInks(state).fill, ink: this.inks.ink });
    });
  }

  #incidentInks(state) {
    return this.inks.incident[state] ?? this.inks.incident.closed;
  }

  #pin(pen, state, { edge, width }) {
    pen.fillStyle = this.#incidentInks(state).fill;
    pen.strokeStyle = edge;
    pen.lineWidth = width;
    pen.fill(path(PIN));
    pen.stroke(path(PIN));
  }

  #badge(pen, shape, { ground, edge, ink }) {
    pen.save();
    pen.translate(27, 7);
    pen.beginPath();
    pen.arc(0, 0, 6.2, 0, TURN);
    pen.fillStyle = ground;
    pen.fill();
    pen.strokeStyle = edge;
    pen.lineWidth = 1.6;
    pen.stroke();
    pen.strokeStyle = ink;
    pen.lineWidth = 1.7;
    pen.lineCap = "round";
    pen.stroke(path(shape));
    pen.restore();
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

  /**
   * Many incidents: two pins behind each other, how many, in the colour of the one that is
   * furthest from done. `loud`: an emergency among them waits for a crew.
   */
  incidents({ count, state, loud }) {
    const margin = 10;
    const box = { width: 36 + 2 * margin, height: 40 + 2 * margin, dx: -(PIN_TIP.x + margin), dy: -(PIN_TIP.y + margin) };
    return this.#get(`incidents|${count}|${state}|${loud}`, box, (pen) => {
      pen.translate(margin, margin);
      if (loud) {
        pen.fillStyle = this.inks.panel;
        pen.strokeStyle = this.inks.alarm;
        pen.lineWidth = 3.5;
        pen.beginPath();
        pen.arc(16, 14, 20, 0, TURN);
        pen.fill();
        pen.stroke();
      }
      pen.save();
      pen.translate(4, -2.5);
      this.#pin(pen, state, { edge: this.inks.panel, width: 1.5 });
      pen.restore();
      this.#pin(pen, state, { edge: this.inks.panel, width: 1.5 });
      this.#word(pen, String(count), 15, 15.5, count < 100 ? 14 : 11, this.#incidentInks(state).ink);
      if (loud) this.#badge(pen, badgeShape("open"), { ground: this.inks["alarm-bg"], edge: this.inks.panel, ink: this.inks["alarm-ink"] });
    });
  }

  /** A name under a marker; `alarm`: it has been silent for too long. */
  label(words, { alarm = false } = {}) {
    const font = `${LABEL_PX}px ${this.inks.font}`;
    const width = Math.ceil(this.#measure(words, font)) + 8;
    return this.#get(`label|${alarm}|${words}`, { width, height: 15, dx: -width / 2, dy: 12, alarm }, (pen) => {
      pen.fillStyle = this.inks.panel;
      pen.beginPath();
      pen.roundRect(0, 0, width, 15, 3);
      pen.fill();
      pen.font = font;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillStyle = alarm ? this.inks.alarm : this.inks.ink;
      pen.fillText(words, width / 2, 8);
    });
  }

  #measure(words, font) {
    this.widths ??= new Map();
    if (!this.widths.has(words)) {
      if (this.widths.size >= MOST) this.widths.clear();
      this.ruler ??= document.createElement("canvas").getContext("2d");
      this.ruler.font = font;
      this.widths.set(words, this.ruler.measureText(words).width);
    }
    return this.widths.get(words);
  }
}
