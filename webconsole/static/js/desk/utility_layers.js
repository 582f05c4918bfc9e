// Map layers of the utility: its own layers, and zones.
import { addCommand } from "../command_line/registry.js";
import { _ } from "../core/i18n.js";
import { select } from "../core/store.js";
import { UtilityLayers } from "../layers/layer_tiles.js";
import { DrawingLayer } from "../zones/zone_drawing.js";
import { ZoneLayer } from "../zones/zone_layer.js";
import { mayDrawZones } from "../zones/zones.js";

const group = () => _("Map");

export function utilityLayers(map) {
  new UtilityLayers(map);
  new ZoneLayer(map);
  new DrawingLayer(map);
  addCommand({ id: "layers.look", group, title: () => _("What is at the centre of the map?"), words: ["look", "查看"], run: () => document.dispatchEvent(new CustomEvent("look-at")) });
}

addCommand({ id: "layers.open", group, title: () => _("Layers: what the map shows"), keys: ["g l"], words: ["layers", "图层"], run: () => select("layers") });
addCommand({ id: "zones.open", group, title: () => _("Zones: districts and response areas"), keys: ["g z"], words: ["zones", "区域"], run: () => select("zones") });
addCommand({ id: "zones.draw", group, title: () => _("Draw a zone"), words: ["draw", "绘制"], when: mayDrawZones, run: () => select("zone") });
