// Text on the map's canvas: measuring, breaking lines, drawing letters with their halo.

const CJK = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/;
const JOINED = /[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff]/; // letters that change with their neighbours
const MEASURED_AT_MOST = 8000;
const widths = new Map();

/** Where a label is anchored, as the label index wants it. */
export class Spot {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  dist(other) {
    return Math.hypot(this.x - other.x, this.y - other.y);
  }
}

/** A font as a canvas wants it. */
export const font = ({ size, weight = 500, style = "normal", family }) => `${style} ${weight} ${size}px ${family}`;

export const isCjk = (text) => CJK.test(text);
export const isJoined = (text) => JOINED.test(text);

/** Letters as they are seen, accents with what they stand on. */
export const letters = (text) => text.match(/\P{M}\p{M}*/gu) ?? [];

/** Width in pixels; measuring is slow and the same names come again and again. */
export function widthOf(context, face, text) {
  const key = `${face}|${text}`;
  const known = widths.get(key);
  if (known !== undefined) return known;
  context.font = face;
  const { width } = context.measureText(text);
  if (widths.size >= MEASURED_AT_MOST) widths.clear();
  widths.set(key, width);
  return width;
}

/** Text in lines of about `most` letters, Chinese ones counting double; evenly filled. */
export function linesOf(text, most) {
  if (isCjk(text)) {
    const all = letters(text);
    const perLine = Math.max(2, Math.floor(most / 2));
    if (all.length <= perLine + 1 || /\s/.test(text)) return wrapped(text, most);
    const count = Math.ceil(all.length / perLine);
    const even = Math.ceil(all.length / count);
    return Array.from({ length: count }, (none, i) => all.slice(i * even, (i + 1) * even).join("")).filter(Boolean);
  }
  return wrapped(text, most);
}

function wrapped(text, most) {
  if (text.length <= most) return [text];
  const goal = text.length / Math.ceil(text.length / most);
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line ? `${line} ${word}` : word;
    // A line may be somewhat longer than even: better than a last one of two letters.
    if (line && longer.length > goal + 3) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line) lines.push(line);
  return lines;
}

/** Put the canvas's origin on a whole pixel of the screen: letters between two are blurred. */
export function onWholePixels(context) {
  const { a, b, c, d, e, f } = context.getTransform();
  context.setTransform(a, b, c, d, Math.round(e), Math.round(f));
}

/** Make a context ready for letters. */
export function prepare(context, { face, fill, halo, haloWidth }) {
  context.globalAlpha = 1;
  context.font = face;
  context.fillStyle = fill;
  context.strokeStyle = halo;
  context.lineWidth = haloWidth;
  context.lineJoin = "round";
  context.miterLimit = 2;
  context.textBaseline = "alphabetic";
}
