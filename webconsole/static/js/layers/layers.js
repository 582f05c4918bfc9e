// State of the utility's own layers: which there are, which this browser shows, which feature is
// looked at.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { on, touch } from "../core/store.js";
import { alsoLoad } from "../live/loading.js";

const KEPT = "nearcrew-layers";
const known = new Map();
let phase = "loading";
let hidden = new Set(readStored(KEPT, []));
let pointed = null;

/** All layers by kind and name, as the API has them. Topic of changes: "layers". */
export const layers = () => [...known.values()];
export const layerOf = (id) => known.get(id);
export const layersPhase = () => phase;

/** In the reader's language where it has one. */
export const layerName = ({ name, name_zh }) => (boot.locale === "zh" && name_zh) || name;

/** What is known of a feature, [name, value], in the order of its file. */
export function attributesOf({ layer_id, attributes }) {
  const order = known.get(layer_id)?.fields ?? Object.keys(attributes);
  return order.filter((name) => name in attributes).map((name) => [name, attributes[name]]);
}

/** How many layers of its kind come before it: they have one sign, and differ in its strokes. */
export const rankOf = (layer) => layers().filter(({ kind, id }) => kind === layer.kind && id < layer.id).length;

/** Parts of the map that can be switched: "layer-7", "zone-district". All are shown at first. */
export const isShown = (part) => !hidden.has(part);

export const shownLayers = () => layers().filter(({ id }) => isShown(`layer-${id}`));

export function show(part, wanted) {
  if (wanted) hidden.delete(part);
  else hidden.add(part);
  writeStored(KEPT, [...hidden]);
  touch("layers");
}

// Another window of this browser switched one.
window.addEventListener("storage", ({ key }) => {
  if (key !== KEPT && key !== null) return;
  hidden = new Set(readStored(KEPT, []));
  touch("layers");
});

/** What the pointer is on in a list, to be marked on the map: {lon, lat, label} or null. */
export const pointedAt = () => pointed;

export function pointAt(place) {
  pointed = place;
  touch("pointed");
}

/** Whether they came. */
export async function loadLayers() {
  try {
    const answer = await get("/layers");
    known.clear();
    for (const layer of answer.layers) known.set(layer.id, layer);
    phase = "ready";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (phase !== "ready") phase = "failed";
    touch("layers");
    return false;
  }
  touch("layers");
  return true;
}

/** What lies at a place: points first, then lines, then areas. */
export async function featuresAt({ lon, lat, toleranceM, signal }) {
  const ids = shownLayers().map(({ id }) => id);
  if (!ids.length) return [];
  const { features } = await get(`/layers/at?lon=${lon.toFixed(7)}&lat=${lat.toFixed(7)}&tolerance_m=${toleranceM.toFixed(2)}&layers=${ids.join(",")}`, { signal });
  return features;
}

/** The nearest of a kind of layer that are the utility's own, or are not said to be another's. */
export const nearestOf = (kind, { lon, lat, utility, signal }) =>
  get(`/layers/near?${new URLSearchParams({ lon, lat, kind, utility, limit: "5" })}`, { signal });

// One comes, goes or is renamed: the list says which, and tiles are asked for by version.
on("event", (event) => event.kind.startsWith("layer.") && loadLayers());
alsoLoad(loadLayers);
