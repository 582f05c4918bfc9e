// Map layer of the pin that is being placed: one element, because it is dragged.
/* global L */
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, setDraft, state } from "../core/store.js";
import { incidentGlyph } from "../map/board/glyphs.js";
import { onGround, refuseOutside } from "./pinning.js";

export class DraftLayer {
  constructor(map) {
    this.map = map;
    this.pin = null;
    for (const topic of ["draft", "selection"]) on(topic, () => this.draw());
  }

  draw() {
    if (!state.draft) {
      this.pin?.remove();
      this.pin = null;
      return;
    }
    const at = [state.draft.lat, state.draft.lon];
    if (this.pin) this.pin.setLatLng(at);
    else this.pin = this.#make(at).addTo(this.map);
  }

  #make(at) {
    const icon = L.divIcon({
      html: el("div.incident-marker.draft", {}, incidentGlyph({ state: "draft" })),
      className: "incident-icon",
      iconSize: [34, 42],
      iconAnchor: [17, 41.5],
    });
    const pin = L.marker(at, { icon, draggable: true, autoPan: true, zIndexOffset: 2000, title: _("Drag to the right place") });
    const place = () => {
      const { lat, lng } = pin.getLatLng();
      return { lon: lng, lat };
    };
    pin.on("drag", () => onGround(place()) && setDraft(place()));
    pin.on("dragend", () => {
      if (onGround(place()) || !state.draft) return;
      pin.setLatLng([state.draft.lat, state.draft.lon]);
      refuseOutside();
    });
    return pin;
  }
}
