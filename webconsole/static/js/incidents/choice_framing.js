// Frames the chosen incident with the crews that could come, or with its radius where none can;
// never under the hand of somebody who moves the map himself.
/* global L */
import { liveAssignments, on, selectedIncident, state } from "../core/store.js";

const OWN_MOVE_MS = 15_000; // so long after the hand was on the map it stays where it was put
const MOST_CANDIDATES = 5;
const NEAREST_ZOOM = 16;
const EDGE_PX = 56;
const TOP_PX = 84; // alarms and chips stand over the upper edge
const ENOUGH = 2; // zooms: what is that much smaller than it could be is too small
const EASE_S = 0.35;
const METRES_PER_DEGREE = 111_320;

const arrivalS = ({ free_in_s, travel_time_s }) => (travel_time_s === null ? Infinity : (free_in_s ?? 0) + travel_time_s);

const crewPlace = (id) => {
  const crew = state.crews.get(id);
  return typeof crew?.lon === "number" ? [crew.lat, crew.lon] : null;
};

/** A square that holds the search radius, as two corners. */
function radiusCorners({ lon, lat }) {
  const north = state.radiusM / METRES_PER_DEGREE;
  const east = north / Math.cos((lat * Math.PI) / 180);
  return [[lat - north, lon - east], [lat + north, lon + east]];
}

export class ChoiceFraming {
  constructor(map) {
    this.map = map;
    this.handMs = -Infinity;
    this.id = null; // what has yet to be framed
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const touched = () => (this.handMs = performance.now());
    map.on("dragend", touched);
    for (const kind of ["wheel", "keydown"]) map.getContainer().addEventListener(kind, touched, { passive: true });
    document.getElementById("map-tools")?.addEventListener("click", ({ target }) => target.closest("#tool-zoom-in, #tool-zoom-out") && touched());
    on("selection", () => this.#chosen());
    on("candidates", () => this.#frame());
  }

  #chosen() {
    const incident = selectedIncident();
    if (!incident || state.selection.kind !== "incident") {
      this.id = null;
      return;
    }
    const at = [incident.lat, incident.lon];
    if (!this.map.getBounds().pad(-0.08).contains(at)) this.map.panTo(at);
    this.id = this.#handIsOn() ? null : incident.id;
    this.#frame();
  }

  #handIsOn() {
    return state.followingCrewId !== null || state.draft !== null || state.marking !== null || performance.now() - this.handMs < OWN_MOVE_MS;
  }

  /** Once, when it is known who could come. */
  #frame() {
    const incident = selectedIncident();
    const answer = state.candidates;
    if (!incident || this.id !== incident.id || !answer) return;
    this.id = null;
    if (this.#handIsOn()) return;
    const points = this.#points(incident, answer.candidates);
    const bounds = L.latLngBounds(points);
    const right = this.#covered();
    const room = this.map.getSize().subtract([2 * EDGE_PX + right, EDGE_PX + TOP_PX]);
    const fit = this.#fit(bounds, room);
    const now = this.map.getZoom();
    if (fit - now < ENOUGH && fit >= now && points.every((point) => this.#isInRoom(point, right))) return;
    // The middle of what is framed comes to the middle of the room that is left for it.
    const off = L.point(right / 2, (EDGE_PX - TOP_PX) / 2);
    const middle = this.map.project(bounds.getCenter(), fit).add(off);
    this.map.setView(this.map.unproject(middle, fit), fit, { animate: !this.calm.matches, pan: { duration: EASE_S } });
  }

  #points(incident, candidates) {
    const able = candidates.filter(({ verdict, lon }) => verdict !== "excluded" && typeof lon === "number");
    const soonest = able.sort((a, b) => arrivalS(a) - arrivalS(b)).slice(0, MOST_CANDIDATES);
    const crews = [
      ...soonest.map(({ lon, lat }) => [lat, lon]),
      ...liveAssignments(incident).map(({ crew_id: id }) => crewPlace(id)).filter(Boolean),
    ];
    return [[incident.lat, incident.lon], ...(crews.length ? crews : radiusCorners(incident))];
  }

  #fit(bounds, room) {
    const { map } = this;
    const [one, other] = [map.project(bounds.getNorthWest(), 0), map.project(bounds.getSouthEast(), 0)];
    const zoom = Math.floor(Math.log2(Math.min(room.x / (other.x - one.x), room.y / (other.y - one.y))));
    return Math.max(map.getMinZoom(), Math.min(NEAREST_ZOOM, zoom));
  }

  /** How much of the map's right lies under the panel, where that lies over it. */
  #covered() {
    const map = this.map.getContainer().getBoundingClientRect();
    const panel = document.getElementById("side")?.getBoundingClientRect();
    if (!panel?.width || panel.left <= map.left || panel.top >= map.bottom) return 0;
    return Math.max(0, map.right - panel.left);
  }

  #isInRoom(point, right) {
    const { x, y } = this.map.latLngToContainerPoint(point);
    const size = this.map.getSize();
    return x > EDGE_PX / 2 && y > TOP_PX && x < size.x - right - EDGE_PX / 2 && y < size.y - EDGE_PX / 2;
  }
}
