// Drawing a zone: each click adds a corner, Enter or a double click ends, Backspace removes one, Esc
// starts again. Then every corner can be dragged, or moved by the arrow keys; Delete removes it, and
// the small dots between corners make new ones.
/* global L */
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, setMarking, state } from "../core/store.js";
import { MapClicks, cornerKey, isNear, toLatLng } from "../map/tools/map_clicks.js";

const SAME_PX = 6;
const LEAST = 3;
const STEP_PX = 4;
/** More handles than anybody drags; a zone of a survey is changed by importing it again. */
export const MOST_HANDLES = 400;

const drawing = () => (state.marking?.kind === "zone" ? state.marking : null);

/** How many corners a shape has. */
export const cornersOf = (shape) => shape.flat(1).reduce((sum, ring) => sum + ring.length, 0);

/** A shape without the corner that closes each ring, and back. */
export const opened = ({ coordinates }) => coordinates.map((part) => part.map((ring) => ring.slice(0, -1)));
export const closed = (shape) => ({ type: "MultiPolygon", coordinates: shape.map((part) => part.map((ring) => [...ring, ring[0]])) });

export class DrawingLayer {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    this.clicks = new MapClicks(map, {
      click: ({ latlng }) => this.#add(latlng.wrap()),
      dblclick: () => this.#end(),
      mousemove: ({ latlng }) => this.#follow(latlng),
    }, (event) => cornerKey(event, drawing(), () => this.#end()));
    on("marking", () => this.draw());
  }

  draw() {
    const marking = drawing();
    this.clicks.hold(Boolean(marking && !marking.done));
    const held = this.group.getLayers().find((layer) => layer.getElement?.() === document.activeElement)?.place;
    this.group.clearLayers();
    if (!marking) return;
    const options = { className: "marking zone-drawn", interactive: false, smoothFactor: 0 };
    if (marking.done) {
      this.shape = L.polygon(marking.shape.map((part) => part.map((ring) => ring.map(toLatLng))), options).addTo(this.group);
      if (cornersOf(marking.shape) <= MOST_HANDLES) this.#handles(marking.shape, held);
      return;
    }
    this.shape = L.polygon(marking.points.map(toLatLng), options).addTo(this.group);
    for (const point of marking.points) {
      const icon = L.divIcon({ html: el("div.corner"), className: "corner-icon", iconSize: [0, 0] });
      L.marker(toLatLng(point), { icon, interactive: false, keyboard: false }).addTo(this.group);
    }
  }

  #add(latlng) {
    const marking = drawing();
    const { points } = marking;
    if (points.length && isNear(this.map, latlng, points.at(-1), SAME_PX)) return;
    if (points.length >= LEAST && isNear(this.map, latlng, points[0], SAME_PX)) this.#end();
    else setMarking({ ...marking, points: [...points, [latlng.lng, latlng.lat]] });
  }

  #end() {
    const marking = drawing();
    if (marking && marking.points.length >= LEAST) setMarking({ ...marking, shape: [[marking.points]], points: [], done: true });
  }

  /** The sides that the next click would draw. */
  #follow(latlng) {
    const { points } = drawing() ?? { points: [] };
    if (points.length) this.shape?.setLatLngs([...points.map(toLatLng), latlng]);
  }

  #handles(shape, held) {
    shape.forEach((part, partAt) =>
      part.forEach((ring, ringAt) =>
        ring.forEach((corner, at) => {
          const place = [partAt, ringAt, at];
          this.#corner(corner, place, String(held) === String(place));
          const next = ring[(at + 1) % ring.length];
          this.#between([(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2], place);
        })));
  }

  #corner(corner, place, focus) {
    const icon = L.divIcon({ html: el("div.corner.handle"), className: "corner-icon", iconSize: [0, 0] });
    const label = _("Corner %(n)s", { n: place[2] + 1 });
    const marker = L.marker(toLatLng(corner), { icon, draggable: true, keyboard: true, title: label, alt: label, autoPan: true }).addTo(this.group);
    marker.place = place;
    marker.getElement().setAttribute("aria-label", label);
    marker.getElement().addEventListener("keydown", (event) => this.#cornerKey(event, marker));
    marker.on("drag", () => this.#move(place, marker.getLatLng(), { quiet: true }));
    marker.on("dragend", () => this.#move(place, marker.getLatLng()));
    if (focus) marker.getElement().focus({ preventScroll: true });
  }

  #between(middle, [partAt, ringAt, at]) {
    const icon = L.divIcon({ html: el("div.corner.between"), className: "corner-icon", iconSize: [0, 0] });
    const marker = L.marker(toLatLng(middle), { icon, keyboard: false, draggable: true, title: _("New corner") }).addTo(this.group);
    const make = ({ lng, lat }) => this.#change([partAt, ringAt], (ring) => [...ring.slice(0, at + 1), [lng, lat], ...ring.slice(at + 1)]);
    marker.on("click", () => make(marker.getLatLng()));
    marker.on("dragend", () => make(marker.getLatLng().wrap()));
  }

  #cornerKey(event, marker) {
    const steps = { ArrowLeft: [-STEP_PX, 0], ArrowRight: [STEP_PX, 0], ArrowUp: [0, -STEP_PX], ArrowDown: [0, STEP_PX] };
    const step = steps[event.key];
    if (step) {
      const to = this.map.latLngToLayerPoint(marker.getLatLng()).add(step);
      this.#move(marker.place, this.map.layerPointToLatLng(to));
    } else if (event.key === "Delete" || event.key === "Backspace") {
      const [partAt, ringAt, at] = marker.place;
      this.#change([partAt, ringAt], (ring) => (ring.length > LEAST ? ring.filter((_corner, index) => index !== at) : ring));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move([partAt, ringAt, at], { lng, lat }, { quiet = false } = {}) {
    const moved = (ring) => ring.map((corner, index) => (index === at ? [lng, lat] : corner));
    if (!quiet) this.#change([partAt, ringAt], moved);
    else this.shape.setLatLngs(this.#changed([partAt, ringAt], moved).map((part) => part.map((ring) => ring.map(toLatLng))));
  }

  #changed([partAt, ringAt], change) {
    return drawing().shape.map((part, p) => part.map((ring, r) => (p === partAt && r === ringAt ? change(ring) : ring)));
  }

  #change(where, change) {
    setMarking({ ...drawing(), shape: this.#changed(where, change) });
  }
}
