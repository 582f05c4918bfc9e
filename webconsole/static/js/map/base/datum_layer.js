// Tile layer of a map in another datum, drawn where its ground is in WGS 84.
//
// Moving the whole layer by the shift at the middle of the view is not enough: GCJ-02 changes by up
// to four metres a kilometre. Each tile is placed by its own corners, so neighbours meet and crews
// and incidents, which stay WGS 84, stand where they are to less than a pixel
// (BD-09, which ripples, to two).
/* global L */
import { fromWgs84, toWgs84 } from "../../crs/datum.js";

const MARGIN_PX = 24; // the shift at the edge of a view differs this much at most from its middle's

/** Lay a grid layer whose tiles are in `datum` under a WGS 84 map; returns the layer. */
export function layUnder(layer, datum) {
  if (datum === "wgs84") return layer;
  const { _addTile: add, _getTiledPixelBounds: around } = layer;

  /** Upper left corner of a tile on the map, in whole pixels of the tile's zoom. */
  function corner({ x, y, z }) {
    const { lng, lat } = layer._map.unproject(L.point(x, y).scaleBy(layer.getTileSize()), z);
    const [lon, latitude] = toWgs84(lng, lat, datum);
    return layer._map.project([latitude, lon], z).round();
  }

  layer._getTilePos = function position(coords) {
    return corner(coords).subtract(this._level.origin);
  };

  layer._addTile = function addTile(coords, container) {
    add.call(this, coords, container);
    const tile = this._tiles[this._tileCoordsToKey(coords)];
    if (!tile) return;
    const { x, y, z } = coords;
    const [here, right, below, across] = [[x, y], [x + 1, y], [x, y + 1], [x + 1, y + 1]].map(([column, row]) => corner({ x: column, y: row, z }));
    // The shifted grid is not quite square: rather a pixel over the next tile than a gap.
    tile.el.style.width = `${Math.max(right.x, across.x) - here.x}px`;
    tile.el.style.height = `${Math.max(below.y, across.y) - here.y}px`;
  };

  layer._getTiledPixelBounds = function pixelBounds(centre) {
    const [lon, lat] = fromWgs84(centre.lng, centre.lat, datum);
    const bounds = around.call(this, L.latLng(lat, lon));
    const margin = L.point(MARGIN_PX, MARGIN_PX);
    return L.bounds(bounds.min.subtract(margin), bounds.max.add(margin));
  };
  return layer;
}
