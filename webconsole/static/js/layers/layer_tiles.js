// Tiles of the utility's own layers above the base map, and the features at a click.
/* global L, protomapsL */
import { ApiError } from "../core/api.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, select, state } from "../core/store.js";
import { FONT } from "../map/base/palette.js";
import { drawSteadily } from "../map/base/tile_drawing.js";
import { addTool } from "../map/tools/tool_column.js";
import { refusalToast } from "../widgets/toasts.js";
import { FeatureCard } from "./feature_card.js";
import { labelsOf, lookOf, paintOf } from "./layer_signs.js";
import { featuresAt, layers, pointedAt, rankOf, shownLayers } from "./layers.js";

const PANE = "utility";
const ICON = ["M12 4 21 9 12 14 3 9z", "M3 13l9 5 9-5"];
const REACH_PX = 9;
const EQUATOR_M = 40_075_016.686;

/** Metres of one pixel at the middle of the map. */
const metresPerPixel = (map) => (EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());

export class UtilityLayers {
  constructor(map) {
    this.map = map;
    this.shown = new Map();
    const pane = map.createPane(PANE);
    pane.style.zIndex = 250; // over the ground, below zones, closures and everything that moves
    pane.style.pointerEvents = "none";
    map.createPane("picked").style.zIndex = 420;
    this.tool = addTool({ id: "layers", label: _("Layers"), icon: ICON, run: () => select(state.selection.kind === "layers" ? null : "layers"), pressed: () => state.selection.kind === "layers" });
    on("selection", () => this.tool.refresh());
    on("layers", () => this.draw());
    on("pointed", () => this.#point());
    document.addEventListener("themechange", () => this.draw());
    map.on("click", ({ latlng, originalEvent }) => this.#look(latlng.wrap(), originalEvent));
    document.addEventListener("look-at", ({ detail }) => this.#look(L.latLng(detail?.lat ?? map.getCenter().lat, detail?.lon ?? map.getCenter().lng).wrap(), null, { move: true }));
    document.addEventListener("fit-to", ({ detail: [west, south, east, north] }) => map.fitBounds([[south, west], [north, east]], { maxZoom: 18, padding: [40, 40] }));
    this.draw();
  }

  draw() {
    const wanted = new Map(shownLayers().map((layer) => [layer.id, layer]));
    for (const [id, entry] of this.shown) {
      if (wanted.has(id) && this.#version(wanted.get(id)) === entry.look) continue;
      entry.layer.remove();
      this.shown.delete(id);
    }
    for (const layer of wanted.values()) {
      if (!this.shown.has(layer.id)) this.shown.set(layer.id, { look: this.#version(layer), layer: this.#make(layer).addTo(this.map) });
    }
  }

  /** What would have it drawn anew. */
  #version(layer) {
    return `${layer.version}|${rankOf(layer)}|${document.documentElement.dataset.theme}`;
  }

  #make(layer) {
    const look = lookOf(layer, rankOf(layer));
    const [west, south, east, north] = layer.bounds;
    const order = ["districts", "mains", "other", "stations", "valves"].indexOf(layer.kind);
    return drawSteadily(protomapsL.leafletLayer({
      url: `/layers/${layer.id}/{z}/{x}/{y}.mvt?v=${layer.version}`,
      pane: PANE,
      zIndex: 10 + order,
      attribution: "",
      maxDataZoom: 17,
      maxZoom: 19,
      noWrap: true,
      // A hundred metres more: signs at the edge stand half outside.
      bounds: L.latLngBounds([south, west], [north, east]).pad(0.01),
      paintRules: paintOf(look),
      labelRules: labelsOf(look, FONT),
      tileDelay: 1,
    }));
  }

  /** What lies under a click that was meant for nothing else. */
  async #look(latlng, event, { move = false } = {}) {
    if (state.marking || !shownLayers().length || event?.target?.closest?.(".leaflet-marker-pane, .map-tools")) return;
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    try {
      const features = await featuresAt({ lon: latlng.lng, lat: latlng.lat, toleranceM: REACH_PX * metresPerPixel(this.map), signal });
      if (signal.aborted || state.marking) return;
      this.card?.close();
      if (features.length) {
        if (move && !this.map.getBounds().contains(latlng)) this.map.panTo(latlng);
        this.card = new FeatureCard(this.map, latlng, features, new Map(layers().map((layer) => [layer.id, layer])));
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof ApiError)) throw error;
      refusalToast(error.message);
    }
  }

  /** A ring round what a list's row is about. */
  #point() {
    this.ring?.remove();
    this.ring = null;
    const place = pointedAt();
    if (!place) return;
    const icon = L.divIcon({ html: el("div.pointed-ring", {}, el("span", {}, place.label)), className: "corner-icon", iconSize: [0, 0] });
    this.ring = L.marker([place.lat, place.lon], { icon, interactive: false, keyboard: false, zIndexOffset: 900 }).addTo(this.map);
  }
}
