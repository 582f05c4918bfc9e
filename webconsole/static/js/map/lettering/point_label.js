// Labels of places, with or without a sign above them.
import { Spot, font, linesOf, onWholePixels, prepare, widthOf } from "./lettering.js";
import { SIGN_PX, drawSign } from "./place_signs.js";

const LINE = 1.18; // of the letters' height
const UNDER_SIGN_PX = 2;

/**
 * Labels points. `text(feature)` gives the name or nothing. With a `sign` {outline, fill, ink} a
 * small sign stands on the point and the name below it, or nowhere when that room is taken.
 */
export class PointLabel {
  constructor({ size, weight, style, family, fill, halo, text, most = 18, spacing = 0, upper = false, sign = null, margin = 2, needsName = true, apart = 60 }) {
    this.face = font({ size, weight, style, family });
    Object.assign(this, { size, fill, halo, text, most, spacing, upper, sign, margin, needsName, apart });
  }

  place(layout, geometry, feature) {
    const { x, y } = geometry[0][0];
    const name = this.text(feature);
    if (!name && (this.needsName || !this.sign)) return undefined;
    const words = name ? this.#words(layout.scratch, name) : null;
    const boxes = [];
    let below = 0;
    if (this.sign) {
      const half = SIGN_PX / 2 + this.margin;
      boxes.push({ minX: x - half, minY: y - half, maxX: x + half, maxY: y + half });
      below = SIGN_PX / 2 + UNDER_SIGN_PX;
    }
    let shown = words;
    if (words) {
      const top = this.sign ? y + below : y - words.height / 2;
      const box = {
        minX: x - words.width / 2 - this.margin,
        minY: top - (this.sign ? 0 : this.margin),
        maxX: x + words.width / 2 + this.margin,
        maxY: top + words.height + this.margin,
      };
      if (this.sign && layout.index.bboxCollides(box, layout.order)) shown = null;
      else boxes.push(box);
    }
    const draw = (context) => {
      onWholePixels(context);
      if (this.sign) drawSign(context, this.sign);
      if (shown) this.#draw(context, shown, this.sign ? below : -shown.height / 2);
    };
    return [{ anchor: new Spot(x, y), bboxes: boxes, draw, deduplicationKey: `${this.sign?.id ?? ""}${name ?? ""}`, deduplicationDistance: name ? this.apart : 4 }];
  }

  #words(scratch, name) {
    const lines = linesOf(this.upper ? name.toUpperCase() : name, this.most);
    const wide = (line) => widthOf(scratch, this.face, line) + this.spacing * (line.length - 1);
    return { lines, width: Math.max(...lines.map(wide)), height: lines.length * this.size * LINE };
  }

  #draw(context, { lines }, top) {
    prepare(context, { face: this.face, fill: this.fill, halo: this.halo, haloWidth: this.size > 14 ? 4 : 3 });
    context.textAlign = "center";
    if (this.spacing) context.letterSpacing = `${this.spacing}px`;
    const step = this.size * LINE;
    const first = top + step / 2 + this.size * 0.36;
    for (const paint of ["strokeText", "fillText"]) {
      lines.forEach((line, index) => context[paint](line, this.spacing / 2, Math.round(first + index * step)));
    }
    if (this.spacing) context.letterSpacing = "0px";
    context.textAlign = "start";
  }
}
