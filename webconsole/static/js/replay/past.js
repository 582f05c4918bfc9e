// A period of the past, as the server answered it, and its state at any instant. No drawing here.
// Instants are seconds after the beginning of the period.
import { stageOf } from "../assignments/progress.js";

const SILENT_S = 120;

/** The last of rising numbers that is not above `at`; -1 where all are. */
export function lastAt(rising, at) {
  let low = 0;
  let high = rising.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle] <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How far help was at each moment, as the board derives it. */
const withStages = (incident) => ({ ...incident, frames: incident.frames.map((frame) => ({ ...frame, stage: stageOf({ ...frame, assignments: frame.orders }) })) });

export class Past {
  constructor(told) {
    this.told = told;
    this.fromMs = Date.parse(told.from);
    this.lengthS = Math.max(1, (Date.parse(told.to) - this.fromMs) / 1000);
    this.events = told.events.map((event) => ({ ...event, atS: this.seconds(event.at) }));
    this.eventsAtS = this.events.map(({ atS }) => atS);
    this.decisions = told.decisions.map((decision) => ({ ...decision, atS: this.seconds(decision.decided_at) }));
    this.photos = told.photos.map((photo) => ({ ...photo, atS: this.seconds(photo.taken_at ?? photo.received_at) }));
    this.incidents = new Map(told.incidents.map((incident) => [incident.id, this.#withFrames(withStages(incident))]));
    this.crews = new Map(told.crews.map((crew) => [crew.id, { ...this.#withFrames(crew), ...this.#withTrack(crew.track) }]));
    // Stamps that the keys stop at; several things can have happened at one instant.
    this.stops = [...new Set([0, ...this.eventsAtS, ...this.photos.map(({ atS }) => atS), this.lengthS])].sort((a, b) => a - b);
  }

  /** Seconds after the beginning, of an instant in ISO 8601. */
  seconds(iso) {
    return (Date.parse(iso) - this.fromMs) / 1000;
  }

  /** ISO 8601 of an instant. */
  iso(atS) {
    return new Date(this.fromMs + atS * 1000).toISOString();
  }

  #withFrames(thing) {
    return { ...thing, framesAtS: thing.frames.map((frame) => this.seconds(frame.at)) };
  }

  #withTrack({ segments }) {
    return { segments: segments.map((points) => ({ points, atS: points.map((point) => point[2]) })), segmentsAtS: segments.map((points) => points[0][2]) };
  }

  /** What an incident or a crew was at an instant; null before it was at all. */
  frameOf(thing, atS) {
    return thing.frames[lastAt(thing.framesAtS, atS)] ?? null;
  }

  /**
   * Where a crew was: {lon, lat, heardS, silent}; null before its first fix. Between two fixes it
   * moves evenly; in a silence it stays where it was last heard, and says so.
   */
  placeOf(crew, atS) {
    const segment = crew.segments[lastAt(crew.segmentsAtS, atS)];
    if (!segment) return null;
    const index = lastAt(segment.atS, atS);
    const [lon, lat, beganS] = segment.points[index];
    const next = segment.points[index + 1];
    if (!next) return { lon, lat, heardS: beganS, silent: atS - beganS > SILENT_S };
    const part = next[2] > beganS ? (atS - beganS) / (next[2] - beganS) : 0;
    return { lon: lon + (next[0] - lon) * part, lat: lat + (next[1] - lat) * part, heardS: atS, silent: false };
  }

  /** The way of the last `forS` seconds before an instant: lines of [lat, lon]. */
  trailOf(crew, atS, forS) {
    const sinceS = atS - forS;
    const lines = [];
    for (const { points } of crew.segments) {
      if (points[0][2] > atS) break;
      if (points.at(-1)[2] < sinceS) continue;
      const line = points.filter((point) => point[2] >= sinceS && point[2] <= atS).map(([lon, lat]) => [lat, lon]);
      const end = atS < points.at(-1)[2] ? this.placeOf(crew, atS) : null;
      if (end) line.push([end.lat, end.lon]);
      const start = sinceS > points[0][2] ? this.placeOf(crew, sinceS) : null;
      if (start && !start.silent) line.unshift([start.lat, start.lon]);
      if (line.length > 1) lines.push(line);
    }
    return lines;
  }

  /** Which event is the latest at an instant; -1 before the first. */
  eventAt(atS) {
    return lastAt(this.eventsAtS, atS);
  }

  /** The decision that was the latest at an instant; null before the first. */
  decisionAt(atS) {
    return this.decisions.findLast((decision) => decision.atS <= atS) ?? null;
  }
}
