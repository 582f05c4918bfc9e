// What is reached, on the map: the area, that of the kept variant, and where the two differ.
/* global L */
import { differences } from "./reached_bits.js";

const RADIUS_PX = 4;

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class ReachLayer {
  constructor(map) {
    map.createPane("plan-reach").classList.add("plan-reach-pane");
    const pane = "plan-reach";
    this.area = L.geoJSON(null, { pane, interactive: false, style: { className: "plan-area" } }).addTo(map);
    this.kept = L.geoJSON(null, { pane, interactive: false, style: { className: "plan-kept" } }).addTo(map);
    this.points = L.layerGroup().addTo(map);
    this.paint = L.canvas({ padding: 0.2, pane: "overlayPane" });
    document.addEventListener("themechange", () => this.#drawPoints());
  }

  show(reach) {
    this.area.clearLayers();
    if (reach) this.area.addData(reach);
  }

  /** Draw the outline of the kept variant, or none. */
  keep(reach) {
    this.kept.clearLayers();
    if (reach) this.kept.addData(reach);
  }

  /** Mark street points [lon, lat] that are reached now and were not, and the other way round. */
  compare(places, before, after) {
    this.compared = places ? { places, ...differences(before, after) } : null;
    this.#drawPoints();
  }

  #drawPoints() {
    this.points.clearLayers();
    if (!this.compared) return;
    const { places, gained, lost } = this.compared;
    const mark = (at, style) => L.circleMarker([places[at][1], places[at][0]], { renderer: this.paint, radius: RADIUS_PX, interactive: false, ...style }).addTo(this.points);
    // Told apart without colour too: what is gained is a full dot, what is lost an empty ring.
    for (const at of gained) mark(at, { color: ink("--raised"), weight: 1, fillColor: ink("--s-green"), fillOpacity: 1 });
    for (const at of lost) mark(at, { color: ink("--s-vermillion"), weight: 2, fill: false });
  }
}
