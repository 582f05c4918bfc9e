// Incidents on the map, the radius around the chosen one, and the pin that is being placed.
/* global L */
import { el, fill } from "../dom.js";
import { _ } from "../i18n.js";
import { on, select, selectedIncident, setDraft, state } from "../store.js";
import { incidentState, incidentTitle, priorityWord } from "../words.js";
import { incidentGlyph } from "./glyphs.js";
import { onGround, refuseOutside } from "./pinning.js";

const SHOWN = new Set(["open", "assigned", "on_scene", "resolved"]);

export class IncidentLayer {
  constructor(map) {
    this.map = map;
    this.markers = new Map();
    this.circle = L.circle([0, 0], { radius: 1, className: "radius", interactive: false });
    this.draft = null;
    for (const topic of ["incidents", "selection"]) on(topic, () => this.draw());
    for (const topic of ["incidents", "selection", "radius", "draft"]) on(topic, () => this.#drawCircle());
    for (const topic of ["draft", "selection"]) on(topic, () => this.#drawDraft());
    on("selection", () => this.#bringIntoView());
    this.draw();
  }

  draw() {
    const chosen = selectedIncident();
    const shown = [...state.incidents.values()].filter((i) => SHOWN.has(i.state) || i.id === chosen?.id);
    const ids = new Set(shown.map((incident) => incident.id));
    for (const [id, entry] of this.markers) {
      if (!ids.has(id)) {
        entry.marker.remove();
        this.markers.delete(id);
      }
    }
    for (const incident of shown) this.#drawOne(incident, incident.id === chosen?.id);
  }

  #drawOne(incident, picked) {
    let entry = this.markers.get(incident.id);
    if (!entry) {
      const shell = el("div.incident-marker");
      const icon = L.divIcon({ html: shell, className: "incident-icon", iconSize: [34, 40], iconAnchor: [15, 39] });
      const marker = L.marker([incident.lat, incident.lon], { icon, keyboard: true, zIndexOffset: 500, title: "" });
      marker.on("click", () => select("incident", incident.id));
      marker.on("keypress", (event) => event.originalEvent.key === "Enter" && select("incident", incident.id));
      marker.bindTooltip(() => this.#tooltip(incident.id), { direction: "top", offset: [0, -36], className: "tip" });
      marker.addTo(this.map);
      entry = { marker, shell, look: "" };
      this.markers.set(incident.id, entry);
    }
    entry.marker.setLatLng([incident.lat, incident.lon]);
    const look = `${incident.state}|${incident.priority}`;
    if (look !== entry.look) {
      entry.look = look;
      fill(entry.shell, incidentGlyph(incident));
    }
    entry.shell.classList.toggle("picked", picked);
    entry.marker.setZIndexOffset(picked ? 1000 : 500);
    const icon = entry.marker.getElement();
    if (icon) {
      icon.setAttribute("aria-label", `${incidentTitle(incident)} · ${_("Priority")} ${incident.priority} · ${incidentState(incident.state)}`);
      icon.dataset.incidentId = incident.id;
    }
  }

  #tooltip(id) {
    const incident = state.incidents.get(id);
    if (!incident) return el("span");
    return el(
      "div",
      {},
      el("strong", {}, incidentTitle(incident)),
      el("div", {}, `${priorityWord(incident.priority)} · ${incidentState(incident.state)}`),
      incident.address ? el("div", {}, incident.address) : null,
    );
  }

  #drawCircle() {
    const at = state.draft ?? selectedIncident();
    if (!at) {
      this.circle.remove();
      return;
    }
    this.circle.setLatLng([at.lat, at.lon]).setRadius(state.radiusM);
    if (!this.map.hasLayer(this.circle)) this.circle.addTo(this.map);
  }

  #drawDraft() {
    if (!state.draft) {
      this.draft?.remove();
      this.draft = null;
      return;
    }
    const at = [state.draft.lat, state.draft.lon];
    if (this.draft) {
      this.draft.setLatLng(at);
      return;
    }
    const icon = L.divIcon({
      html: el("div.incident-marker.draft", {}, incidentGlyph({ state: "draft", priority: "+" })),
      className: "incident-icon",
      iconSize: [34, 40],
      iconAnchor: [15, 39],
    });
    this.draft = L.marker(at, { icon, draggable: true, autoPan: true, zIndexOffset: 2000, title: _("Drag to the right place") });
    this.draft.on("drag", () => {
      const { lat, lng } = this.draft.getLatLng();
      if (onGround({ lon: lng, lat })) setDraft({ lon: lng, lat });
    });
    this.draft.on("dragend", () => {
      const { lat, lng } = this.draft.getLatLng();
      if (onGround({ lon: lng, lat }) || !state.draft) return;
      this.draft.setLatLng([state.draft.lat, state.draft.lon]);
      refuseOutside();
    });
    this.draft.addTo(this.map);
  }

  #bringIntoView() {
    const incident = selectedIncident();
    if (!incident || state.selection.kind !== "incident") return;
    const at = L.latLng(incident.lat, incident.lon);
    if (!this.map.getBounds().pad(-0.08).contains(at)) this.map.panTo(at);
  }
}
