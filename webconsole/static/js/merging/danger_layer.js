// Map layer of the danger radius: a circle around the chosen incident, and a ring around each other
// open one inside it.
/* global L */
import { _ } from "../core/i18n.js";
import { exactDistance } from "../core/format.js";
import { on, selectedIncident } from "../core/store.js";
import { insideDanger } from "./inside_danger.js";

const RING_PX = 24;
const HEAD_PX = 25; // of the pin above its tip

export class DangerLayer {
  constructor(map) {
    this.map = map;
    this.circle = L.circle([0, 0], { radius: 1, className: "danger-radius", interactive: false });
    this.rings = L.layerGroup().addTo(map);
    for (const topic of ["incidents", "selection"]) on(topic, () => this.draw());
    this.draw();
  }

  draw() {
    const at = selectedIncident();
    const inside = insideDanger(at);
    const look = at?.danger_radius_m ? JSON.stringify([at.lon, at.lat, at.danger_radius_m, inside.map(({ incident: { id, lon, lat } }) => [id, lon, lat])]) : "";
    if (look === this.look) return;
    this.look = look;
    this.rings.clearLayers();
    if (!look) {
      this.circle.remove();
      return;
    }
    this.circle.setLatLng([at.lat, at.lon]).setRadius(at.danger_radius_m).addTo(this.map);
    this.circle.getElement()?.setAttribute("role", "img");
    this.circle.getElement()?.setAttribute("aria-label", _("Danger radius: %(distance)s", { distance: exactDistance(at.danger_radius_m) }));
    for (const { incident } of inside) {
      const icon = L.divIcon({ className: "danger-ring", iconSize: [2 * RING_PX, 2 * RING_PX], iconAnchor: [RING_PX, RING_PX + HEAD_PX] });
      L.marker([incident.lat, incident.lon], { icon, interactive: false, keyboard: false }).addTo(this.rings);
    }
  }
}
