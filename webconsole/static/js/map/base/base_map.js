// The base map: our own tiles, or what a setting puts in their place.
/* global L protomapsL */
import { layUnder } from "./datum_layer.js";
import { groundLayer } from "./ground_layer.js";
import { DAY, NIGHT } from "./palette.js";
import { drawSteadily } from "./tile_drawing.js";
import { flavourOf } from "./vector_flavour.js";

const SHIFT_DEGREES = 0.02; // no datum of ours is farther off
const WORLD = [[-85, -180], [85, 180]];

/** Somebody else's vector tiles: the library's own rules for them, in our colours. */
function archiveLayer({ url, max_zoom: maxDataZoom, datum }, { dark, bounds, lang }) {
  const look = (night) => {
    const flavour = flavourOf(night ? NIGHT : DAY);
    return {
      paintRules: protomapsL.paintRules(flavour),
      labelRules: protomapsL.labelRules(flavour, lang === "zh" ? "zh-Hans" : lang),
      backgroundColor: flavour.background,
    };
  };
  const layer = drawSteadily(protomapsL.leafletLayer({ url, ...look(dark), maxDataZoom, maxZoom: 19, attribution: "", noWrap: true, bounds }));
  layer.setDark = (night) => {
    Object.assign(layer, look(night));
    layer.clearLayout();
    layer.rerenderTiles();
  };
  return layUnder(layer, datum);
}

/** Pictures; at night they are turned round, since nobody drew them for the night. */
function pictureLayer({ url, max_zoom: maxNativeZoom, datum }, { dark, bounds }) {
  const layer = L.tileLayer(url, { maxNativeZoom, maxZoom: 19, noWrap: true, bounds, className: "picture-ground", attribution: "" });
  layer.setDark = (night) => layer.getContainer()?.classList.toggle("by-night", night);
  layer.on("add", () => layer.setDark(document.documentElement.dataset.theme === "dark"));
  layer.setDark(dark);
  return layUnder(layer, datum);
}

/** Tiles are kept for ever by their address, so the address names the ground. */
const ownTiles = (groundId) => `/tiles/{z}/{x}/{y}.mvt?g=${groundId}`;

/**
 * The layer that `told` asks for, with `setDark(dark)`.
 *
 * `told`: {kind, url, datum, max_zoom, ours} as the server tells it. `bounds`: of the ground; more
 * than that is not asked for.
 */
export function baseMapLayer(told, { groundId, dark, bounds, lang }) {
  const { kind = "own", datum = "wgs84" } = told ?? {};
  const frame = bounds ?? L.latLngBounds(WORLD);
  const wide = datum === "wgs84" ? frame : L.latLngBounds(
    [frame.getSouth() - SHIFT_DEGREES, frame.getWest() - SHIFT_DEGREES],
    [frame.getNorth() + SHIFT_DEGREES, frame.getEast() + SHIFT_DEGREES],
  );
  const seen = { dark, bounds: wide, lang };
  if (kind === "raster") return pictureLayer(told, seen);
  if (kind === "pmtiles" && told.ours) return layUnder(groundLayer({ url: told.url, dark, bounds: wide, maxDataZoom: told.max_zoom }), datum);
  if (kind === "pmtiles") return archiveLayer(told, seen);
  return groundLayer({ url: ownTiles(groundId), dark, bounds });
}
