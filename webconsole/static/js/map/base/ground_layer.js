// Tile layer of our own base map, in day and night colours.
/* global protomapsL */
import { labelRules } from "../lettering/label_rules.js";
import { paintRules } from "./paint_rules.js";
import { DAY, NIGHT } from "./palette.js";
import { drawSteadily } from "./tile_drawing.js";
import { looking } from "./tile_source.js";
import { sortTilesOf } from "./tile_sorting.js";

const LABELLED_TILES = 128; // a wall of screens shows more than the sixteen that are the default

/** The base-map layer; `setDark(dark)` repaints it from tiles already here. */
export function groundLayer({ url, dark, bounds, maxDataZoom = 16 }) {
  const palette = (night) => (night ? NIGHT : DAY);
  const taken = (zoom, area) => layer.labelers.getIndex(zoom)?.bboxCollides(area, Infinity) ?? false;
  const layer = protomapsL.leafletLayer({
    url,
    attribution: "",
    maxDataZoom,
    maxZoom: 19,
    noWrap: true,
    bounds: bounds ?? undefined,
    paintRules: paintRules(palette(dark), taken),
    labelRules: labelRules(palette(dark)),
    backgroundColor: palette(dark).land,
    tileDelay: 1,
  });
  for (const view of layer.views.values()) {
    view.tileCache.source = looking(view.tileCache.source);
    sortTilesOf(view);
  }
  layer.labelers.maxLabeledTiles = LABELLED_TILES;
  layer.setDark = (night) => {
    layer.paintRules = paintRules(palette(night), taken);
    layer.labelRules = labelRules(palette(night));
    layer.backgroundColor = palette(night).land;
    layer.clearLayout();
    layer.labelers.maxLabeledTiles = LABELLED_TILES;
    layer.rerenderTiles();
  };
  followScreen(layer);
  return drawSteadily(layer);
}

/** Pictures are as fine as the screen; a window moved to another screen is drawn anew. */
function followScreen(layer) {
  const sharp = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  sharp.addEventListener(
    "change",
    () => {
      layer.devicePixelRatio = window.devicePixelRatio;
      layer.tileSize = 256 * layer.devicePixelRatio;
      if (!layer._map) return; // another ground has taken its place
      layer.rerenderTiles();
      followScreen(layer);
    },
    { once: true },
  );
}
