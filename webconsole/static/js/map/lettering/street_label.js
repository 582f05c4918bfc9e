// Labels along streets: letters follow the curve, and read from left to right.
import { Spot, isCjk, isJoined, letters, onWholePixels, prepare, widthOf } from "./lettering.js";
import { LineCourse } from "./line_course.js";

const MOST_BETWEEN_LETTERS = 0.42; // radians
const MOST_IN_ALL = 1.5;
const STRAIGHT = 0.07; // below, one straight line of text looks better than letters placed singly
const STEP_PX = 18;
const STEEP = 1.3; // a Chinese name on a street this much steeper than wide stands upright

const turn = (from, to) => Math.abs(((to - from + 3 * Math.PI) % (2 * Math.PI)) - Math.PI);

/** Where each letter stands and how it is turned; null where the street bends too much for a name. */
function placed(course, from, advances, span) {
  const marks = [];
  let [least, most] = [Infinity, -Infinity];
  let at = from;
  let before = null;
  for (const advance of advances) {
    const [a, b] = [course.point(at), course.point(at + advance)];
    const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    const angle = Math.atan2(b.y - a.y, b.x - a.x);
    if (before !== null && turn(before, angle) > MOST_BETWEEN_LETTERS) return null;
    // Against the first letter: angles near ±π must not seem a turn round.
    const off = marks.length ? ((angle - marks[0].angle + 3 * Math.PI) % (2 * Math.PI)) - Math.PI : 0;
    least = Math.min(least, off);
    most = Math.max(most, off);
    if (most - least > MOST_IN_ALL) return null;
    marks.push({ x, y, angle });
    before = angle;
    at += advance;
  }
  const [start, end] = [course.point(from), course.point(from + span)];
  if (Math.hypot(end.x - start.x, end.y - start.y) < span * 0.8) return null; // a hairpin
  return { marks, bend: most - least, start, end };
}

/** Letters of `text` on a street, wherever along it they fit best near `middle`. */
function fit(course, middle, reach, text, advances, span) {
  const parts = letters(text);
  for (let off = 0; off <= reach; off += STEP_PX) {
    for (const centre of off ? [middle + off, middle - off] : [middle]) {
      const from = centre - span / 2;
      if (from < 2 || from + span > course.length - 2) continue;
      const found = placed(course, from, advances, span);
      if (found) return { ...found, parts };
    }
  }
  return null;
}

/** Labels streets; `text(feature)` gives the name, `size` the letters' height in pixels. */
export class StreetLabel {
  constructor({ face, size, fill, halo, text, repeat = 340 }) {
    Object.assign(this, { face, size, fill, halo, text, repeat });
  }

  place(layout, lines, feature) {
    const name = this.text(feature);
    if (!name || name.length > 60) return undefined;
    const whole = widthOf(layout.scratch, this.face, name);
    const labels = [];
    for (const line of lines) {
      if (line.length < 2) continue;
      const label = this.#onLine(layout, line, name, whole);
      labels.push(...label);
    }
    return labels.length ? labels : undefined;
  }

  #onLine(layout, line, name, whole) {
    let course = new LineCourse(line);
    const upright = isCjk(name) && isSteep(line);
    const parts = letters(name);
    const advances = upright
      ? parts.map(() => this.size * 1.08)
      : parts.map((letter) => widthOf(layout.scratch, this.face, letter));
    const sum = advances.reduce((total, each) => total + each, 0);
    // Kerning makes the whole a little narrower than its letters.
    const span = upright ? sum : whole;
    const even = upright ? advances : advances.map((each) => (each * whole) / (sum || 1));
    if (course.length < span + 8) return [];
    const [first, last] = [line[0], line.at(-1)];
    if (upright ? last.y < first.y : last.x < first.x) course = new LineCourse([...line].reverse());
    const count = Math.max(1, Math.round(course.length / (this.repeat + span)));
    const slot = course.length / count;
    const found = [];
    for (let i = 0; i < count; i += 1) {
      const spot = fit(course, slot * (i + 0.5), slot / 2, name, even, span);
      if (spot && (upright || spot.end.x >= spot.start.x)) found.push(this.#label(name, spot, { upright, whole }));
    }
    return found;
  }

  #label(name, { marks, bend, start, end, parts }, { upright, whole }) {
    const half = this.size * 0.62;
    const every = Math.max(1, Math.floor((this.size * 1.1 * marks.length) / (whole || 1)));
    const kept = marks.filter((mark, index) => index % every === 0 || index === marks.length - 1);
    const bboxes = kept.map(({ x, y }) => ({ minX: x - half, minY: y - half, maxX: x + half, maxY: y + half }));
    const anchor = new Spot(kept[kept.length >> 1].x, kept[kept.length >> 1].y);
    const straight = !upright && (bend < STRAIGHT || isJoined(name));
    const style = { face: this.face, fill: this.fill, halo: this.halo, haloWidth: 3 };
    const drop = this.size * 0.36; // from the middle of a letter to its foot
    const draw = (context) => {
      prepare(context, style);
      context.textAlign = "center";
      if (straight) {
        context.translate((start.x + end.x) / 2 - anchor.x, (start.y + end.y) / 2 - anchor.y);
        const angle = Math.atan2(end.y - start.y, end.x - start.x);
        if (Math.abs(angle) < 0.004) onWholePixels(context);
        context.rotate(angle);
        context.strokeText(name, 0, drop);
        context.fillText(name, 0, drop);
      } else {
        for (const paint of ["strokeText", "fillText"]) {
          marks.forEach(({ x, y, angle }, index) => {
            context.save();
            context.translate(x - anchor.x, y - anchor.y);
            if (!upright) context.rotate(angle);
            context[paint](parts[index], 0, drop);
            context.restore();
          });
        }
      }
      context.textAlign = "start";
    };
    return { anchor, bboxes, draw, deduplicationKey: name, deduplicationDistance: this.repeat };
  }
}

function isSteep(line) {
  const [first, last] = [line[0], line.at(-1)];
  return Math.abs(last.y - first.y) > STEEP * Math.abs(last.x - first.x);
}
