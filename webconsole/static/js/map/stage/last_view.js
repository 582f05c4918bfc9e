// Keeps the last view that was requested: Leaflet forgets one requested while it zooms.

/** Let the view asked for last win: what comes while `map` zooms is done when that has ended. */
export function keepLastView(map) {
  const show = map.setView;
  let goal = null; // the zoom it is on its way to
  let next = null;
  map.on("zoomanim", ({ zoom }) => (goal = zoom));
  map.on("zoomend", () => (goal = null));
  map.on("moveend", () => {
    if (goal !== null || !next) return;
    const wish = next;
    next = null;
    map.setView(...wish);
  });
  map.setView = (centre, zoom, options) => {
    if (goal !== null) {
      next = [centre, zoom ?? goal, options];
      return map;
    }
    const before = map.getZoom();
    show.call(map, centre, zoom, options);
    const wanted = zoom === undefined ? before : Math.min(map.getMaxZoom(), Math.max(map.getMinZoom(), Math.round(zoom)));
    if (wanted !== before && map.getZoom() === before) goal = wanted; // begins in the next frame
    return map;
  };
}
