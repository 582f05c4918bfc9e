// The small map of an order: where we are, where it is, the way between.
/* global L */
import { ApiError, get } from "../api.js";
import { el } from "../dom.js";
import { incidentGlyph } from "../map/glyphs.js";
import { makeStage } from "../map/stage.js";

const AGAIN_MS = 20000;

export class WayMap {
  constructor(told) {
    this.node = el("div.map.way-map");
    this.told = told;
    this.stage = null;
    this.orderId = null;
  }

  /** Show the way of an order. `own` is the phone's last fix, or null. */
  show(order, own) {
    if (!this.stage) {
      this.stage = makeStage(this.node, { zoomControl: false });
      const { map } = this.stage;
      this.casing = L.polyline([], { className: "route casing", interactive: false }).addTo(map);
      this.line = L.polyline([], { className: "route sent", interactive: false }).addTo(map);
      this.own = L.circleMarker([0, 0], { radius: 9, className: "own", interactive: false });
    }
    const { incident } = order;
    if (this.orderId !== order.id) {
      this.orderId = order.id;
      this.askedMs = 0;
      this.fitted = false;
      this.casing.setLatLngs([]);
      this.line.setLatLngs([]);
      this.pin?.remove();
      const icon = L.divIcon({ html: el("div.incident-marker", {}, incidentGlyph(incident)), className: "incident-icon", iconSize: [34, 40], iconAnchor: [15, 39] });
      this.pin = L.marker([incident.lat, incident.lon], { icon, interactive: false, keyboard: false }).addTo(this.stage.map);
    }
    if (own) this.own.setLatLng([own.lat, own.lon]).addTo(this.stage.map);
    // The map was out of the page or has just been given its size.
    requestAnimationFrame(() => {
      this.stage.map.invalidateSize({ animate: false });
      if (!this.fitted) this.#fit(order, own);
    });
    if (performance.now() - this.askedMs > AGAIN_MS || !this.askedMs) this.#ask(order, own);
  }

  async #ask(order, own) {
    this.askedMs = performance.now();
    try {
      const feature = await get(`/assignments/${order.id}/route`);
      if (this.orderId !== order.id) return;
      const points = (feature.geometry?.coordinates ?? []).map(([lon, lat]) => [lat, lon]);
      this.casing.setLatLngs(points);
      this.line.setLatLngs(points);
      this.fitted = false;
      this.#fit(order, own);
      this.told(order.id, feature.properties ?? {});
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  #fit(order, own) {
    const box = L.latLngBounds([[order.incident.lat, order.incident.lon]]);
    const points = this.line.getLatLngs();
    if (points.length) box.extend(this.line.getBounds());
    else if (own) box.extend([own.lat, own.lon]);
    if (!this.node.clientHeight) return;
    this.stage.map.fitBounds(box, { padding: [34, 34], maxZoom: 17, animate: false });
    this.fitted = true;
  }
}
