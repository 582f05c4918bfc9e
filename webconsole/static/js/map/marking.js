// Marking a place on the map: a corner a click; Enter or a double click ends, Esc leaves,
// Backspace takes the last corner away. A road needs two clicks and ends by itself.
/* global L */
import { el } from "../dom.js";
import { on, setMarking, state } from "../store.js";

const SAME_PX = 5;
const LEAST = { area: 3, road: 2 };
const toLatLng = ([lon, lat]) => [lat, lon];

export class MarkingLayer {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    this.handlers = {
      click: ({ latlng }) => this.#add(latlng.wrap()),
      dblclick: () => this.#end(),
      mousemove: ({ latlng }) => this.#follow(latlng),
    };
    this.keys = (event) => this.#key(event);
    for (const topic of ["marking", "selection"]) on(topic, () => this.draw());
  }

  draw() {
    // What is only measured, or drawn as a zone, is somebody else's.
    const marking = state.marking?.kind in LEAST ? state.marking : null;
    this.#listen(Boolean(marking && !marking.done));
    this.group.clearLayers();
    if (!marking) return;
    const line = (marking.line ?? marking.points).map(toLatLng);
    const options = { className: "marking", interactive: false, smoothFactor: 0 };
    this.shape = (marking.kind === "area" ? L.polygon(line, options) : L.polyline(line, options)).addTo(this.group);
    for (const [index, point] of marking.points.entries()) {
      const corner = el("div.corner", {}, marking.kind === "road" ? String(index + 1) : "");
      const icon = L.divIcon({ html: corner, className: "corner-icon", iconSize: [0, 0] });
      L.marker(toLatLng(point), { icon, interactive: false, keyboard: false }).addTo(this.group);
    }
  }

  #listen(wanted) {
    if (this.listening === wanted) return;
    this.listening = wanted;
    const container = this.map.getContainer();
    container.classList.toggle("is-marking", wanted);
    if (wanted) {
      this.map.on(this.handlers).doubleClickZoom.disable();
      // Before everybody else: Esc leaves the marking first, and only then the panel.
      document.addEventListener("keydown", this.keys, true);
      container.focus({ preventScroll: true });
    } else {
      this.map.off(this.handlers);
      // Not at once: the double click that ended the marking is not yet over.
      setTimeout(() => this.listening || this.map.doubleClickZoom.enable(), 0);
      document.removeEventListener("keydown", this.keys, true);
    }
  }

  #near(latlng, point) {
    return this.map.latLngToContainerPoint(latlng).distanceTo(this.map.latLngToContainerPoint(toLatLng(point))) < SAME_PX;
  }

  #add(latlng) {
    const { kind, points } = state.marking;
    if (points.length && this.#near(latlng, points.at(-1))) return;
    if (kind === "area" && points.length >= LEAST.area && this.#near(latlng, points[0])) {
      this.#end();
      return;
    }
    const next = [...points, [latlng.lng, latlng.lat]];
    setMarking({ kind, points: next, done: kind === "road" && next.length === LEAST.road });
  }

  #end() {
    const { marking } = state;
    if (marking && marking.points.length >= LEAST[marking.kind]) setMarking({ ...marking, done: true });
  }

  /** The side that the next click would draw. */
  #follow(latlng) {
    const { points } = state.marking ?? { points: [] };
    if (points.length) this.shape?.setLatLngs([...points.map(toLatLng), latlng]);
  }

  #key(event) {
    const writing = event.target.matches?.("input, textarea, select");
    const { marking } = state;
    if (!marking || writing) return;
    if (event.key === "Enter" && event.target.tagName !== "BUTTON") this.#end();
    else if (event.key === "Backspace") setMarking({ ...marking, points: marking.points.slice(0, -1) });
    else if (event.key === "Escape" && marking.points.length) setMarking({ ...marking, points: [] });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
