// What the phone keeps of the city, on the crew's page: filled behind the orders, read by the map and by
// the search.
import { boot } from "../core/boot.js";
import { on } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { keptTileReader } from "./kept_tiles.js";
import { kitLine } from "./kit_line.js";
import { KitLoader } from "./kit_loading.js";
import { findButton } from "./search_sheet.js";
import { TileStore } from "./tile_store.js";

/** `menu`: the button before which ours stand. Returns what reads the tiles that are kept. */
export function bringKit(crewId, { menu, place, orders }) {
  const store = new TileStore();
  const loader = new KitLoader(crewId, { store, place });
  menu.before(findButton(place));
  menu.parentElement.append(kitLine(loader));
  // Asked with the orders, and never before them: what they need is known by them.
  addCrewPart({ id: "kit", order: 99, load: async () => loader.know(orders()) });
  on("roads", () => loader.fill());
  return keptTileReader(store, () => boot.ground_id);
}
