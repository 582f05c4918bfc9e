// Features of a tile sorted once, when it arrives, into the groups that the rules paint.
//
// The painter tries every rule on every feature of its layer, for each of the many pictures a tile
// is drawn into. Forty rules over three thousand streets are most of the work of a map; a rule whose
// layer holds nothing but its own features needs no test.

/** Which roads are drawn alike. */
export const ROAD_GROUPS = {
  path: ["path", "track"],
  service: ["service"],
  street: ["residential"],
  middle: ["tertiary"],
  major: ["secondary", "primary"],
  trunk: ["trunk", "motorway"],
};
const GROUP_OF = Object.fromEntries(Object.entries(ROAD_GROUPS).flatMap(([group, classes]) => classes.map((each) => [each, group])));

/** Tunnels lie below the ground, bridges over it and, where roads are stacked, over each other. */
export const LEVELS = ["tunnel", "ground", "bridge", "bridge2", "bridge3"];
export const isBridge = (level) => level.startsWith("bridge");

function levelOf({ tunnel, bridge, level = 1 }) {
  if (tunnel) return "tunnel";
  if (!bridge) return "ground";
  return level > 1 ? `bridge${Math.min(3, level)}` : "bridge";
}

export const pile = (...parts) => parts.join("/");

const SORTERS = {
  roads: (props) => pile("roads", levelOf(props), GROUP_OF[props.class] ?? "street"),
  rail: (props) => pile("rail", levelOf(props)),
  places: (props) => pile("places", props.kind),
  pois: (props) => pile("pois", props.kind),
  road_names: (props) => pile("road_names", GROUP_OF[props.class] ?? "street"),
};

/** The layers of a tile with piles beside them: `roads/bridge/major` and the like. */
export function sorted(layers) {
  const piles = new Map(layers);
  for (const [name, pileOf] of Object.entries(SORTERS)) {
    for (const feature of layers.get(name) ?? []) {
      const key = pileOf(feature.props);
      if (!piles.has(key)) piles.set(key, []);
      piles.get(key).push(feature);
    }
    if (name !== "roads") piles.delete(name);
  }
  return piles;
}

const AGAIN_MS = 1000;
const TRIES = 6; // after 1, 2, 4, … seconds: a server that starts again is back by then

/** Sort what a view's source gives, whenever it gives it, and ask again when it fails. */
export function sortTilesOf(view, againMs = AGAIN_MS) {
  const { source } = view.tileCache;
  const get = async (address, size, tries = 0) => {
    try {
      return sorted(await source.get(address, size));
    } catch (error) {
      if (error.name === "AbortError" || tries >= TRIES) throw error;
      await new Promise((done) => setTimeout(done, againMs * 2 ** tries));
      return get(address, size, tries + 1);
    }
  };
  view.tileCache.source = { get: (address, size) => get(address, size) };
}
