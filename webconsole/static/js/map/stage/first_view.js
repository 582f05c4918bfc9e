// First view of the map: on what matters, and never as a stamp in the middle of an empty sheet.
/* global L */

const NEAREST_ZOOM = 16;
const MAY_BE_OUT = 0.1; // of the things; what must be seen never is
const MOST_GREY = 0.25; // of the stage, beyond the ground

/** [west, south, east, north] as Leaflet wants it. */
export const box = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

/** How many of the things a view of the stage's size around a centre shows at a zoom. */
function seen(map, things, centre, zoom) {
  const half = map.getSize().divideBy(2).subtract([24, 24]);
  const middle = map.project(centre, zoom);
  return things.filter((thing) => {
    const off = map.project([thing.lat, thing.lon], zoom).subtract(middle);
    return Math.abs(off.x) <= half.x && Math.abs(off.y) <= half.y;
  });
}

/** Hold the view inside the ground where the ground is large enough for that. */
function within(map, centre, zoom, ground) {
  if (!ground) return centre;
  const half = map.getSize().divideBy(2);
  const at = map.project(centre, zoom);
  const [least, most] = [map.project(ground.getNorthWest(), zoom), map.project(ground.getSouthEast(), zoom)];
  const hold = (value, low, high) => (high - low < 0 ? (low + high) / 2 : Math.min(high, Math.max(low, value)));
  return map.unproject(
    L.point(hold(at.x, least.x + half.x, most.x - half.x), hold(at.y, least.y + half.y, most.y - half.y)),
    zoom,
  );
}

/** What part of the stage lies beyond the ground at a zoom, with the ground in its middle. */
function grey(map, ground, zoom) {
  const stage = map.getSize();
  const size = map.project(ground.getSouthEast(), zoom).subtract(map.project(ground.getNorthWest(), zoom));
  return 1 - (Math.min(size.x, stage.x) * Math.min(size.y, stage.y)) / (stage.x * stage.y || 1);
}

/**
 * The view to begin with: around the things, as near as shows them; without any, the ground,
 * filling the stage.
 *
 * `things`: {lon, lat, must}; those that `must` be seen are, unless that would leave more of the
 * stage grey than a quarter: the ground is shown, where most of it happens. The ground's empty
 * corners beyond its edge matter less than one crew in ten at the far end of it. `all`: everything
 * is seen, grey or not.
 */
export function firstView(map, { things, ground, all = false }) {
  const filling = ground ? Math.min(NEAREST_ZOOM, map.getBoundsZoom(ground, true)) : 3;
  const near = ground ? things.filter((thing) => ground.contains([thing.lat, thing.lon])) : things;
  if (!near.length) {
    if (!ground) return { centre: L.latLng(0, 0), zoom: filling };
    return { centre: ground.getCenter(), zoom: filling };
  }
  const around = L.latLngBounds(near.map(({ lat, lon }) => [lat, lon]));
  let zoom = Math.min(NEAREST_ZOOM, map.getBoundsZoom(around, false, L.point(60, 60)));
  let centre = within(map, around.getCenter(), zoom, ground);
  if (all) return { centre, zoom };
  while (ground && zoom < filling && grey(map, ground, zoom) > MOST_GREY) {
    zoom += 1;
    const most = near.filter(({ must }) => must);
    centre = within(map, middleOf(most.length ? most : near), zoom, ground);
  }
  while (ground && zoom < filling) {
    const next = within(map, middleOf(near), zoom + 1, ground);
    const shown = seen(map, near, next, zoom + 1);
    const lost = near.filter((thing) => !shown.includes(thing));
    if (lost.length > near.length * MAY_BE_OUT || lost.some((thing) => thing.must)) break;
    zoom += 1;
    centre = next;
  }
  return { centre, zoom };
}

/** The middle one, west to east and south to north: a single far crew does not pull it. */
function middleOf(things) {
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return L.latLng(median(things.map(({ lat }) => lat)), median(things.map(({ lon }) => lon)));
}
