// Map layer of zones: outlines with their names, below everything that moves.
/* global L */
import { el } from "../core/dom.js";
import { on, state } from "../core/store.js";
import { isShown } from "../layers/layers.js";
import { toLatLng } from "../map/tools/map_clicks.js";
import { zoneName, zones } from "./zones.js";

const PANE = "zones";
const ROOM_PX = 70;

export class ZoneLayer {
  constructor(map) {
    this.map = map;
    this.shown = new Map();
    const pane = map.createPane(PANE);
    pane.style.zIndex = 300;
    pane.style.pointerEvents = "none";
    for (const topic of ["zones", "layers", "selection", "marking"]) on(topic, () => this.draw());
    on("selection", () => this.#bringIntoView());
    map.on("zoomend", () => this.#names());
    this.draw();
  }

  draw() {
    const editing = state.marking?.kind === "zone" ? state.marking.zoneId : null;
    const wanted = new Map(zones().filter((zone) => zone.id !== editing && (isShown(`zone-${zone.kind}`) || this.#isPicked(zone))).map((zone) => [zone.id, zone]));
    for (const [id, entry] of this.shown) {
      if (wanted.has(id) && this.#look(wanted.get(id)) === entry.look) continue;
      entry.group.remove();
      this.shown.delete(id);
    }
    for (const zone of wanted.values()) {
      if (!this.shown.has(zone.id)) this.shown.set(zone.id, { zone, look: this.#look(zone), group: this.#make(zone).addTo(this.map) });
    }
    this.#names();
  }

  #isPicked({ id }) {
    return ["zones", "zone"].includes(state.selection.kind) && state.selection.id === id;
  }

  #look(zone) {
    return `${zone.version}|${this.#isPicked(zone)}`;
  }

  #make(zone) {
    const picked = this.#isPicked(zone) ? " picked" : "";
    const rings = zone.geometry.coordinates.map((part) => part.map((ring) => ring.map(toLatLng)));
    const options = { pane: PANE, interactive: false, smoothFactor: 0.5 };
    const shape = L.polygon(rings, { ...options, className: `zone ${zone.kind}${picked}` });
    const name = el(`div.zone-name.${zone.kind}${picked ? ".picked" : ""}`, { data: { zoneId: zone.id } }, zoneName(zone));
    const icon = L.divIcon({ html: el("div.zone-anchor", {}, name), className: "zone-icon", iconSize: [0, 0] });
    return L.featureGroup([shape, L.marker(this.#middle(rings), { icon, pane: PANE, interactive: false, keyboard: false })]);
  }

  /** The middle of its largest part. */
  #middle(rings) {
    const size = ([outer]) => L.latLngBounds(outer).toBBoxString().split(",").map(Number);
    const largest = rings.map((part) => [part, size(part)]).sort(([, a], [, b]) => (b[2] - b[0]) * (b[3] - b[1]) - (a[2] - a[0]) * (a[3] - a[1]))[0][0];
    return L.PolyUtil.polygonCenter(largest[0], this.map.options.crs);
  }

  /** A name that is wider than its zone would be read as another's. */
  #names() {
    for (const { zone, group } of this.shown.values()) {
      const [west, south, east, north] = zone.box;
      const low = this.map.latLngToLayerPoint([south, west]);
      const high = this.map.latLngToLayerPoint([north, east]);
      for (const part of group.getLayers()) part.getElement?.()?.classList.toggle("too-small", part instanceof L.Marker && high.x - low.x < ROOM_PX);
    }
  }

  #bringIntoView() {
    const entry = this.#isPicked({ id: state.selection.id }) ? this.shown.get(state.selection.id) : null;
    if (entry && !this.map.getBounds().contains(entry.group.getBounds())) this.map.fitBounds(entry.group.getBounds(), { padding: [40, 40] });
  }
}
