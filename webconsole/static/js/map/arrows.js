// Arrows on one-way streets; lines run along their traffic.

const EVERY_PX = 120;
const SHORTEST_PX = 46;
const NARROWEST_PX = 5;

/** Paints arrows along a line, the first half a distance from its beginning. */
export class OneWayArrows {
  constructor({ color, width }) {
    this.color = color;
    this.width = width;
  }

  before(context, zoom) {
    const width = this.width(zoom);
    this.size = width < NARROWEST_PX ? 0 : Math.min(9, Math.max(5.5, width * 0.5));
    context.strokeStyle = this.color;
    context.globalAlpha = 0.9;
    context.lineWidth = this.size > 7 ? 1.5 : 1.2;
    context.lineCap = "round";
    context.lineJoin = "round";
  }

  draw(context, lines) {
    if (!this.size) return;
    context.beginPath();
    for (const line of lines) this.#along(context, line);
    context.stroke();
  }

  #along(context, line) {
    let length = 0;
    for (let i = 1; i < line.length; i += 1) length += Math.hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y);
    if (length < SHORTEST_PX) return;
    const count = Math.max(1, Math.round(length / EVERY_PX));
    const every = length / count;
    let next = every / 2;
    let at = 0;
    for (let i = 1; i < line.length; i += 1) {
      const [from, to] = [line[i - 1], line[i]];
      const step = Math.hypot(to.x - from.x, to.y - from.y);
      while (step > 0 && next <= at + step) {
        const [x, y] = [(to.x - from.x) / step, (to.y - from.y) / step];
        this.#arrow(context, from.x + x * (next - at), from.y + y * (next - at), x, y);
        next += every;
      }
      at += step;
    }
  }

  /** A shaft and a head, pointing along the unit vector. */
  #arrow(context, x, y, along, down) {
    const half = this.size / 2;
    const head = this.size * 0.38;
    const [tipX, tipY] = [x + along * half, y + down * half];
    context.moveTo(x - along * half, y - down * half);
    context.lineTo(tipX, tipY);
    context.moveTo(tipX - head * (along - down), tipY - head * (down + along));
    context.lineTo(tipX, tipY);
    context.lineTo(tipX - head * (along + down), tipY - head * (down - along));
  }
}
