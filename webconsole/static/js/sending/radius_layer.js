// Map layer of the search radius: a circle with a handle. Drag it, or move it with the arrow keys;
// the panel's field shows the same.
/* global L */
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, selectedIncident, state } from "../core/store.js";
import { RADIUS_M, sayRadius, takeRadius } from "./radius.js";

// Where the handle may stand, the best first, as degrees clockwise from north: east is where the
// eye looks for it, the others serve when that lies beyond the edge of the map.
const BEARINGS = [90, 270, 60, 120, 240, 300, 180, 0, 30, 150, 210, 330];
const EDGE_PX = 34;
const METRES_PER_DEGREE = 111320;

/** The place at a distance and bearing, near enough to draw at: [lat, lon]. */
function away({ lon, lat }, metres, bearingDeg) {
  const angle = (bearingDeg * Math.PI) / 180;
  const north = (metres * Math.cos(angle)) / METRES_PER_DEGREE;
  const east = (metres * Math.sin(angle)) / (METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180));
  return [lat + north, lon + east];
}

/** By how much a key changes the radius: fine near the ground, coarse far out. */
function step(metres, far) {
  const fine = metres < 1000 ? 50 : metres < 10000 ? 250 : 1000;
  return far ? fine * 4 : fine;
}

export class RadiusLayer {
  constructor(map) {
    this.map = map;
    this.bearing = BEARINGS[0];
    this.dragging = false;
    this.circle = L.circle([0, 0], { radius: 1, className: "radius", interactive: false });
    this.label = el("span.radius-label");
    this.knob = el("div.radius-handle", {}, el("span.knob"), this.label);
    this.handle = L.marker([0, 0], {
      icon: L.divIcon({ html: this.knob, className: "radius-icon", iconSize: [28, 28] }),
      draggable: true,
      keyboard: true,
      zIndexOffset: 1500,
    });
    this.handle.on("dragstart", () => (this.dragging = true));
    this.handle.on("drag", ({ latlng }) => this.#dragged(latlng));
    this.handle.on("dragend", () => {
      this.dragging = false;
      this.draw();
    });
    this.handle.on("add", () => this.#dress());
    for (const topic of ["incidents", "selection", "radius", "draft"]) on(topic, () => this.draw());
    map.on("moveend zoomend resize", () => this.draw());
    this.draw();
  }

  /** What the circle lies around: {lon, lat}, or nothing. */
  get centre() {
    return state.draft ?? selectedIncident();
  }

  draw() {
    const at = this.centre;
    if (!at) {
      this.circle.remove();
      this.handle.remove();
      return;
    }
    this.circle.setLatLng([at.lat, at.lon]).setRadius(state.radiusM);
    if (!this.map.hasLayer(this.circle)) this.circle.addTo(this.map);
    this.#place(at);
    this.#say();
  }

  /** A marker takes its place on the circle, where the map shows it; the hand that drags it knows better. */
  #place(at) {
    if (this.dragging) return;
    const shown = (bearing) => {
      const { x, y } = this.map.latLngToContainerPoint(away(at, state.radiusM, bearing));
      const size = this.map.getSize();
      return x > EDGE_PX && y > EDGE_PX && x < size.x - 2 * EDGE_PX && y < size.y - EDGE_PX;
    };
    const bearing = [this.bearing, ...BEARINGS].find(shown);
    if (bearing === undefined) {
      this.handle.remove();
      this.bearing = BEARINGS[0];
      return;
    }
    this.bearing = bearing;
    this.handle.setLatLng(away(at, state.radiusM, bearing));
    if (!this.map.hasLayer(this.handle)) this.handle.addTo(this.map);
  }

  #dragged(latlng) {
    const at = this.centre;
    if (!at) return;
    const to = latlng.wrap();
    takeRadius(this.map.distance([at.lat, at.lon], to));
    const middle = this.map.project([at.lat, at.lon]);
    const hand = this.map.project(to).subtract(middle);
    this.bearing = (Math.atan2(hand.x, -hand.y) * 180) / Math.PI;
  }

  /** For the keyboard and for those who listen: a slider. */
  #dress() {
    const node = this.handle.getElement();
    node.setAttribute("role", "slider");
    node.setAttribute("aria-label", _("Radius around the incident"));
    node.setAttribute("aria-valuemin", String(RADIUS_M.min));
    node.setAttribute("aria-valuemax", String(RADIUS_M.max));
    node.title = _("Drag to change the search radius");
    node.addEventListener("keydown", (event) => this.#key(event));
    this.#say();
  }

  #say() {
    text(this.label, sayRadius(state.radiusM));
    const node = this.handle.getElement();
    node?.setAttribute("aria-valuenow", String(state.radiusM));
    node?.setAttribute("aria-valuetext", sayRadius(state.radiusM));
  }

  #key(event) {
    const far = event.shiftKey || event.key.startsWith("Page");
    const now = state.radiusM;
    const to = {
      ArrowRight: now + step(now, far),
      ArrowUp: now + step(now, far),
      PageUp: now + step(now, true),
      ArrowLeft: now - step(now - 1, far),
      ArrowDown: now - step(now - 1, far),
      PageDown: now - step(now - 1, true),
      Home: RADIUS_M.min,
      End: RADIUS_M.max,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the map would pan
    takeRadius(to);
    this.#intoView();
  }

  /** Keys can walk the handle out of sight; then the map steps back, and the focus stays. */
  #intoView() {
    this.draw();
    if (this.map.hasLayer(this.handle)) return;
    this.map.fitBounds(this.circle.getBounds(), { padding: [EDGE_PX, EDGE_PX], animate: false });
    this.draw();
    this.handle.getElement()?.focus({ preventScroll: true });
  }
}
