// Marking a place on the map: a corner a click; Enter or a double click ends, Esc leaves,
// Backspace takes the last corner away. A road needs two clicks and ends by itself.
/* global L */
import { el } from "../../core/dom.js";
import { on, setMarking, state } from "../../core/store.js";
import { MapClicks, cornerKey, isNear, toLatLng } from "./map_clicks.js";

const SAME_PX = 5;
const LEAST = { area: 3, road: 2 };

export class MarkingLayer {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    this.clicks = new MapClicks(map, {
      click: ({ latlng }) => this.#add(latlng.wrap()),
      dblclick: () => this.#end(),
      mousemove: ({ latlng }) => this.#follow(latlng),
    }, (event) => cornerKey(event, state.marking, () => this.#end()));
    for (const topic of ["marking", "selection"]) on(topic, () => this.draw());
  }

  draw() {
    // What is only measured, or drawn as a zone, is somebody else's.
    const marking = state.marking?.kind in LEAST ? state.marking : null;
    this.clicks.hold(Boolean(marking && !marking.done));
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

  #add(latlng) {
    const { kind, points } = state.marking;
    if (points.length && isNear(this.map, latlng, points.at(-1), SAME_PX)) return;
    if (kind === "area" && points.length >= LEAST.area && isNear(this.map, latlng, points[0], SAME_PX)) {
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
}
