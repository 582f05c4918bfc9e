// A path as a line on the ground: how far along it a position is, and how far off.

const EARTH_M_PER_DEG = 111320;
const ALIKE_M = 15; // a path that comes by twice: the part nearer to where we were goes first

export class PathLine {
  /** `coordinates`: [[lon, lat], …], at least two. */
  constructor(coordinates) {
    const [lon0, lat0] = coordinates[0];
    const lonScale = EARTH_M_PER_DEG * Math.cos((lat0 * Math.PI) / 180);
    this.flat = (lon, lat) => [(lon - lon0) * lonScale, (lat - lat0) * EARTH_M_PER_DEG];
    this.points = coordinates.map(([lon, lat]) => this.flat(lon, lat));
    this.alongM = [0];
    for (let i = 1; i < this.points.length; i += 1) {
      const [[x0, y0], [x1, y1]] = [this.points[i - 1], this.points[i]];
      this.alongM.push(this.alongM[i - 1] + Math.hypot(x1 - x0, y1 - y0));
    }
  }

  get lengthM() {
    return this.alongM.at(-1);
  }

  /** How far a position is from the line's end, as the crow flies, metres. */
  toEnd({ lon, lat }) {
    const [[x, y], [endX, endY]] = [this.flat(lon, lat), this.points.at(-1)];
    return Math.hypot(x - endX, y - endY);
  }

  /** The place on the line nearest to a position: {alongM, offM}. */
  locate({ lon, lat }, lastAlongM = 0) {
    const [x, y] = this.flat(lon, lat);
    const places = [];
    for (let i = 1; i < this.points.length; i += 1) {
      const [[x0, y0], [x1, y1]] = [this.points[i - 1], this.points[i]];
      const lengthM = this.alongM[i] - this.alongM[i - 1];
      const part = lengthM ? Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / lengthM ** 2)) : 0;
      places.push({ alongM: this.alongM[i - 1] + part * lengthM, offM: Math.hypot(x - x0 - part * (x1 - x0), y - y0 - part * (y1 - y0)) });
    }
    const leastM = Math.min(...places.map((place) => place.offM));
    const distanceOn = (place) => Math.abs(place.alongM - lastAlongM);
    return places
      .filter((place) => place.offM <= leastM + ALIKE_M)
      .reduce((best, place) => (distanceOn(place) + place.offM < distanceOn(best) + best.offM ? place : best));
  }
}
