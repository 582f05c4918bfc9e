// Positions and directions along a line, by distance from its start.

/** A line by distance from its beginning. */
export class LineCourse {
  constructor(points) {
    this.points = points;
    this.at = [0];
    for (let i = 1; i < points.length; i += 1) {
      this.at.push(this.at[i - 1] + Math.hypot(points[i].x - points[i - 1].x, points[i].y - points[i - 1].y));
    }
    this.length = this.at.at(-1);
  }

  point(distance) {
    const { at, points } = this;
    let [low, high] = [0, at.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (at[middle] <= distance) low = middle;
      else high = middle;
    }
    const share = (distance - at[low]) / (at[high] - at[low] || 1);
    return { x: points[low].x + share * (points[high].x - points[low].x), y: points[low].y + share * (points[high].y - points[low].y) };
  }
}
