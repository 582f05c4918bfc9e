// Arrows on one-way streets; lines run along their traffic.
import { LineCourse } from "./line_course.js";

const EVERY_PX = 120;
const SHORTEST_PX = 46;
const NARROWEST_PX = 5;
const TILE_PX = 256;
const ASIDE = [0, 24, -24, 44, -44]; // along the street, from where a name stands

/**
 * Whether there is room for an arrow, asked by where the canvas itself lies in the world: no name
 * there, and no seam between two pictures, which may have been painted at different times.
 */
function roomOn(context, taken, zoom, half) {
  const [column, row] = String(context.canvas?.key ?? "").split(":").map(Number);
  if (!taken || !Number.isFinite(row)) return () => true;
  const { a, e, f } = context.getTransform();
  const [left, top] = [column * TILE_PX + e / a, row * TILE_PX + f / a];
  const onSeam = (at) => {
    const inside = at - TILE_PX * Math.floor(at / TILE_PX);
    return inside < half || inside > TILE_PX - half;
  };
  return ({ x, y }) => {
    const [worldX, worldY] = [left + x, top + y];
    if (onSeam(worldX) || onSeam(worldY)) return false;
    return !taken(zoom, { minX: worldX - half, minY: worldY - half, maxX: worldX + half, maxY: worldY + half });
  };
}

/** Where arrows stand on a line and which way they point: {x, y, along, down}. */
export function arrowsOn(line, { size, free }) {
  const course = new LineCourse(line);
  if (course.length < SHORTEST_PX) return [];
  const count = Math.max(1, Math.round(course.length / EVERY_PX));
  const every = course.length / count;
  const found = [];
  for (let number = 0; number < count; number += 1) {
    const middle = every * (number + 0.5);
    for (const aside of ASIDE) {
      const at = middle + aside;
      if (Math.abs(aside) > every / 2 || at < size || at > course.length - size) continue;
      const spot = course.point(at);
      if (!free(spot)) continue;
      const [back, on] = [course.point(at - size / 2), course.point(at + size / 2)];
      const reach = Math.hypot(on.x - back.x, on.y - back.y);
      if (reach < size / 2) continue; // a hairpin: it would point nowhere
      found.push({ ...spot, along: (on.x - back.x) / reach, down: (on.y - back.y) / reach });
      break;
    }
  }
  return found;
}

/** Paints them; `taken(zoom, box)` tells where names stand. */
export class OneWayArrows {
  constructor({ color, width, taken = null }) {
    Object.assign(this, { color, width, taken });
  }

  before(context, zoom) {
    const width = this.width(zoom);
    this.zoom = zoom;
    this.size = width < NARROWEST_PX ? 0 : Math.min(9, Math.max(5.5, width * 0.5));
    context.strokeStyle = this.color;
    context.globalAlpha = 0.9;
    context.lineWidth = this.size > 7 ? 1.5 : 1.2;
    context.lineCap = "round";
    context.lineJoin = "round";
  }

  draw(context, lines) {
    const { size } = this;
    if (!size) return;
    const free = roomOn(context, this.taken, this.zoom, size / 2 + 2);
    context.beginPath();
    for (const line of lines) {
      for (const arrow of arrowsOn(line, { size, free })) this.#arrow(context, arrow);
    }
    context.stroke();
  }

  /** A shaft and a head, pointing along the unit vector. */
  #arrow(context, { x, y, along, down }) {
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
