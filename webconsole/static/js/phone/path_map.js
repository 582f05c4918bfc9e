// Small map of an order: own position, incident, the path between. While driving it stays with the
// crew; a finger on it looks elsewhere for a while.
/* global L */
import { ClosureLayer } from "../closures/closure_layer.js";
import { el } from "../core/dom.js";
import { incidentGlyph } from "../map/board/glyphs.js";
import { makeStage } from "../map/stage/stage.js";
import { MapTurn } from "./map_turn.js";

const FOLLOW_ZOOM = 17;
const LOOK_AWAY_MS = 15000;

export class PathMap {
  constructor() {
    this.ground = el("div.map.way-map");
    this.node = el("div.way-map-box", {}, this.ground);
    this.turn = new MapTurn(this.node);
    this.stage = null;
    this.pinned = "";
    /** One of the other ways was tapped: its number. */
    this.chooseOther = () => {};
  }

  #drawOthers(ways) {
    for (const [index, line] of this.others.entries()) {
      if (ways[index]) line.setLatLngs(ways[index].coordinates.map(([lon, lat]) => [lat, lon])).addTo(this.stage.map).bringToBack();
      else line.remove();
    }
  }

  #make() {
    this.stage = makeStage(this.ground, { zoomControl: false });
    const { map } = this.stage;
    // What is written at the edges stays at the edges, whichever way the ground is turned.
    this.node.append(this.ground.querySelector(".leaflet-control-container"));
    new ClosureLayer(map, { button: false });
    this.others = [0, 1].map((index) => L.polyline([], { className: "route other", weight: 16 }).on("click", () => this.chooseOther(index)));
    this.casing = L.polyline([], { className: "route casing", interactive: false }).addTo(map);
    this.core = L.polyline([], { className: "route sent", interactive: false }).addTo(map);
    this.own = L.circleMarker([0, 0], { radius: 9, className: "own", interactive: false });
    map.on("dragstart", () => (this.lookedAwayMs = performance.now()));
  }

  /** Another ground was imported. */
  useGround() {
    this.stage?.useGround();
    this.fitted = "";
  }

  /** Show where something is that this crew has no order for, and so no path. */
  showPlace({ id, kind, priority, lon, lat }, own) {
    this.show({ id, state: "offered", incident: { kind, priority, lon, lat, state: "open" } }, own, { feature: null, latLngs: [] });
  }

  /** Show the path of an order. `own` is the phone's last fix, or null; `course` its path. */
  show(order, own, course) {
    if (!this.stage) this.#make();
    const { map } = this.stage;
    const { incident } = order;
    // The desk corrects a place, or how urgent it is, while the crew is on its way.
    const pinned = JSON.stringify([incident.lon, incident.lat, incident.state, incident.priority]);
    if (this.pinned !== pinned) {
      this.pinned = pinned;
      this.pin?.remove();
      const icon = L.divIcon({ html: el("div.incident-marker", {}, incidentGlyph(incident)), className: "incident-icon", iconSize: [34, 42], iconAnchor: [17, 41.5] });
      this.pin = L.marker([incident.lat, incident.lon], { icon, interactive: false, keyboard: false }).addTo(map);
    }
    if (this.drawn !== course.feature) {
      this.drawn = course.feature;
      for (const line of [this.casing, this.core]) line.setLatLngs(course.latLngs);
      this.#drawOthers(course.others ?? []);
    }
    if (own) this.own.setLatLng([own.lat, own.lon]).addTo(map);
    const driving = order.state === "en_route" && own && this.node.clientHeight > 0;
    // The map was out of the page or has just been given its size.
    requestAnimationFrame(() => {
      map.invalidateSize({ animate: false });
      const away = Boolean(this.lookedAwayMs) && performance.now() - this.lookedAwayMs < LOOK_AWAY_MS;
      this.turn.draw({ heading: own?.heading, driving: driving && !away });
      if (!driving) this.#fit(order, own);
      else if (!away) this.#follow(own);
    });
  }

  #follow(own) {
    this.fitted = "";
    const { map } = this.stage;
    if (map.getZoom() === FOLLOW_ZOOM) map.panTo([own.lat, own.lon], { animate: false });
    else map.setView([own.lat, own.lon], FOLLOW_ZOOM, { animate: false });
  }

  /** Once for each path: whoever then looks around is not pulled back. */
  #fit(order, own) {
    const points = this.core.getLatLngs();
    const { lon, lat } = order.incident;
    const look = `${order.id}|${lon},${lat}|${points.length}|${Boolean(own)}`;
    if (this.fitted === look || !this.node.clientHeight) return;
    const box = L.latLngBounds([[lat, lon]]);
    if (points.length) box.extend(this.core.getBounds());
    else if (own) box.extend([own.lat, own.lon]);
    for (const other of this.others) if (this.stage.map.hasLayer(other)) box.extend(other.getBounds());
    this.stage.map.fitBounds(box, { padding: [34, 34], maxZoom: 17, animate: false });
    this.fitted = look;
  }
}
