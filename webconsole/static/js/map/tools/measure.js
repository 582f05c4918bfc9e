// Measuring on the map: a click a point; on the first point closes the shape. By keyboard a cross
// stands in the middle: arrows move the map under it, Enter sets a point, Backspace takes one away.
/* global L */
import { pathBetween } from "../../assignments/road_paths.js";
import { el, fill, text } from "../../core/dom.js";
import { area, exactDistance, travelTime } from "../../core/format.js";
import { _ } from "../../core/i18n.js";
import { on, setMarking, state } from "../../core/store.js";
import { areaOf, lengthOf } from "../../crs/geodesy.js";
import { noteToast } from "../../widgets/toasts.js";
import { mapBar } from "./map_bar.js";
import { MapClicks, isNear, toLatLng } from "./map_clicks.js";
import { addTool } from "./tool_column.js";

const SAME_PX = 9;
const ICON = "M3.5 15.5 15.5 3.5 20.5 8.5 8.5 20.5zM7 12l2.2 2.2M10 9l3.2 3.2M13 6l2.2 2.2";

const measuring = () => (state.marking?.kind === "measure" ? state.marking : null);

const begin = () => setMarking({ kind: "measure", points: [], closed: false, done: false });

/** Begin to measure, or end it; what a form has marked on the map is not wiped away. */
export function toggleMeasure() {
  if (measuring()) setMarking(null);
  else if (state.marking) noteToast(_("First save or discard what is being marked on the map."));
  else begin();
}

export class MeasureLayer {
  constructor(map) {
    this.map = map;
    this.group = L.layerGroup().addTo(map);
    this.words = el("span.words", { "aria-live": "polite" });
    this.road = el("span.road");
    const button = (label, act) => el("button.secondary.small", { type: "button", onclick: act }, label);
    this.closing = button(_("Close the shape"), () => this.#close());
    this.again = button(_("Start over"), begin);
    this.chip = el("div.map-chip.measuring", { hidden: true }, el("b", {}, _("Measure")), this.words, this.road, this.closing, this.again,
      el("button.quiet.icon", { type: "button", "aria-label": _("Stop measuring"), title: "Esc", onclick: () => setMarking(null) }, "×"));
    this.cross = el("div.map-cross", { hidden: true, "aria-hidden": "true" });
    mapBar(map).append(this.chip);
    map.getContainer().append(this.cross);
    this.clicks = new MapClicks(map, {
      click: ({ latlng }) => this.#add(latlng.wrap()),
      mousemove: ({ latlng, originalEvent }) => this.#moved(originalEvent) && this.#follow(latlng.wrap()),
    }, (event) => this.#key(event));
    this.tool = addTool({ id: "measure", label: _("Measure distances and areas"), icon: ICON, run: toggleMeasure, pressed: () => Boolean(measuring()) });
    on("marking", () => this.draw());
  }

  draw() {
    const marking = measuring();
    this.tool.refresh();
    this.clicks.hold(Boolean(marking));
    this.group.clearLayers();
    this.shape = null;
    this.chip.hidden = !marking;
    if (!marking) {
      this.cross.hidden = true;
      return;
    }
    const { points, closed } = marking;
    const options = { className: "measure", interactive: false, smoothFactor: 0 };
    const line = points.map(toLatLng);
    this.shape = (closed ? L.polygon(line, options) : L.polyline(line, options)).addTo(this.group);
    for (const [index, point] of points.entries()) {
      const label = index === 0 || closed ? "" : exactDistance(lengthOf(points.slice(0, index + 1)));
      const icon = L.divIcon({ html: el("div.measure-point", {}, label ? el("span", {}, label) : null), className: "corner-icon", iconSize: [0, 0] });
      L.marker(toLatLng(point), { icon, interactive: false, keyboard: false }).addTo(this.group);
    }
    this.#say(marking);
  }

  #say({ points, closed }) {
    text(this.words, sayMeasure(points, closed));
    this.closing.hidden = closed || points.length < 3;
    this.again.hidden = points.length === 0;
    this.#byRoad(closed ? [] : points.slice(-2));
  }

  /** Between the last two points one could also drive. */
  async #byRoad(ends) {
    this.asked = ends;
    fill(this.road);
    if (ends.length < 2) return;
    const [from, to] = ends.map(([lon, lat]) => ({ lon, lat }));
    const { facts, unknown } = await pathBetween(from, to);
    if (this.asked !== ends) return;
    if (unknown) text(this.road, _("last two points: the distance by road is not known right now"));
    else if (typeof facts.length_m !== "number") text(this.road, _("last two points: no road between them"));
    else text(this.road, _("last two points by road: %(way)s, %(time)s", { way: exactDistance(facts.length_m), time: travelTime(facts.travel_time_s) }));
  }

  #add(latlng) {
    const { points, closed } = measuring();
    if (closed) {
      setMarking({ kind: "measure", points: [[latlng.lng, latlng.lat]], closed: false, done: false });
      return;
    }
    if (points.length && isNear(this.map, latlng, points.at(-1), SAME_PX)) return;
    if (points.length > 2 && isNear(this.map, latlng, points[0], SAME_PX)) this.#close();
    else setMarking({ ...state.marking, points: [...points, [latlng.lng, latlng.lat]] });
  }

  #close() {
    setMarking({ ...state.marking, closed: true });
  }

  /** Whether the hand moved, and not the map under a hand that lies still. */
  #moved({ clientX, clientY }) {
    const same = this.hand?.x === clientX && this.hand.y === clientY;
    this.hand = { x: clientX, y: clientY };
    return !same;
  }

  /** The side that the next click would draw, and how long it all would be. */
  #follow(latlng) {
    this.cross.hidden = true;
    const { points, closed } = measuring() ?? { points: [] };
    if (!points.length || closed) return;
    this.shape?.setLatLngs([...points.map(toLatLng), latlng]);
    text(this.words, sayMeasure([...points, [latlng.lng, latlng.lat]], false));
  }

  #key(event) {
    const marking = measuring();
    if (!marking || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") setMarking(null);
    else {
      const onMap = event.target === this.map.getContainer();
      if (!onMap) return;
      if (event.key.startsWith("Arrow")) {
        this.cross.hidden = false; // Leaflet moves the map
        return;
      }
      if (event.key === "Enter" || event.key === " ") {
        this.cross.hidden = false;
        this.#add(this.map.getCenter().wrap());
      } else if (event.key === "Backspace") setMarking({ ...marking, points: marking.closed ? marking.points : marking.points.slice(0, -1), closed: false });
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

/** What has been measured, in one line. */
export function sayMeasure(points, closed) {
  if (points.length === 0) return _("Click points on the map; Enter sets one in the middle.");
  if (points.length === 1) return _("Click the next point.");
  if (!closed) return exactDistance(lengthOf(points));
  return _("area %(area)s, around it %(way)s", { area: area(areaOf(points)), way: exactDistance(lengthOf([...points, points[0]])) });
}
