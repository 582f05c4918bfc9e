// The line of a path in metres: how long it is up to each point, and which way one drives there. The twin of
// MeasuredLine in routing/guidance/junction_arms.py.

const REACH_M = 25;
const LEAST_REACH_M = 4;
const HARD_BEND_DEG = 45;

export const turnDeg = (from, to) => ((((to - from + 180) % 360) + 360) % 360) - 180;

export class DrivenLine {
  /** `points`: [[x, y], …] in metres. */
  constructor(points) {
    this.points = points;
    this.atM = [0];
    for (let at = 1; at < points.length; at += 1) {
      this.atM.push(this.atM[at - 1] + Math.hypot(points[at][0] - points[at - 1][0], points[at][1] - points[at - 1][1]));
    }
  }

  get lengthM() {
    return this.atM.at(-1);
  }

  #place(m) {
    const { atM, points } = this;
    if (m <= 0) return points[0];
    if (m >= this.lengthM) return points.at(-1);
    let [low, high] = [0, atM.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (atM[middle] <= m) low = middle;
      else high = middle;
    }
    const part = atM[high] > atM[low] ? (m - atM[low]) / (atM[high] - atM[low]) : 0;
    return [points[low][0] + part * (points[high][0] - points[low][0]), points[low][1] + part * (points[high][1] - points[low][1])];
  }

  /** The bearing from one distance along the line to another, degrees clockwise from north. */
  bearing(fromM, toM) {
    const [[x0, y0], [x1, y1]] = [this.#place(fromM), this.#place(toM)];
    return ((Math.atan2(x1 - x0, y1 - y0) * 180) / Math.PI + 360) % 360;
  }

  /** Bearings before and after each junction: over 25 m, but not past the next hard bend at another one. */
  directions(placesM) {
    const first = this.#measured(placesM, placesM);
    const hard = placesM.filter((_, at) => Math.abs(turnDeg(first[at].arriving, first[at].departing)) >= HARD_BEND_DEG);
    return this.#measured(placesM, hard);
  }

  #measured(placesM, stops) {
    const borders = [0, ...stops, this.lengthM];
    return placesM.map((m) => {
      const before = borders.findLast((border) => border < m) ?? this.lengthM; // as an index of -1 would
      const after = borders.find((border) => border > m) ?? this.lengthM;
      const back = Math.min(REACH_M, Math.max(LEAST_REACH_M, m - before));
      const ahead = Math.min(REACH_M, Math.max(LEAST_REACH_M, after - m));
      return { arriving: this.bearing(m - back, m), departing: this.bearing(m, m + ahead) };
    });
  }
}
