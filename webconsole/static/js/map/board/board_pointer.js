// Mouse and touch on the marker board: names what is under them, selects it.
/* global L */
import { state } from "../../core/store.js";
import { APART_ZOOM } from "./marker_board.js";

/** Show what a group is made of: come near enough that it falls apart. */
export function openGroup(map, board, { members }) {
  const animate = !board.calm.matches;
  const bounds = L.latLngBounds(members.map(({ lat, lon }) => [lat, lon]));
  const zoom = Math.max(map.getZoom() + 1, Math.min(APART_ZOOM, map.getBoundsZoom(bounds, false, L.point(80, 80))));
  map.setView(bounds.getCenter(), Math.min(zoom, map.getMaxZoom()), { animate });
}

export class BoardPointer {
  constructor(map, board) {
    this.map = map;
    this.board = board;
    this.over = null;
    this.tip = L.tooltip({ direction: "top", className: "tip", interactive: false });
    const node = map.getContainer();
    // Before Leaflet: a marker over a closure is the marker, and is no click on the map.
    for (const kind of ["click", "dblclick"]) node.addEventListener(kind, (event) => this.#press(event), true);
    node.addEventListener("pointermove", (event) => this.#move(event), { passive: true });
    for (const kind of ["pointerleave", "pointerdown"]) node.addEventListener(kind, () => this.#leave(), { passive: true });
    map.on("zoomstart movestart", () => this.#leave());
  }

  /** What an event means, topmost first; nothing while it belongs to somebody else. */
  #under(event) {
    if (state.marking || !(event.target instanceof Element)) return [];
    // Controls and bars lie above the board, and so do pins that are elements of their own.
    if (event.target !== this.map.getContainer() && !event.target.closest(".leaflet-map-pane")) return [];
    if (event.target.closest(".leaflet-marker-pane, .leaflet-popup-pane")) return [];
    return this.board.at(this.map.mouseEventToContainerPoint(event));
  }

  #press(event) {
    if (this.map.dragging?.moved()) return; // the end of a drag is no click
    const found = this.#under(event);
    if (!found.length) return;
    event.stopPropagation();
    if (event.type === "click") this.#take(found);
  }

  #take(found) {
    this.#leave();
    if (found[0].members) {
      openGroup(this.map, this.board, found[0]);
      return;
    }
    // A second click goes one deeper: crews at their depot stand on one another.
    const single = found.filter((entry) => !entry.members);
    const picked = single.findIndex((entry) => entry.isPicked());
    single[(picked + 1) % single.length].pick();
  }

  #move(event) {
    if (event.pointerType !== "mouse" || event.buttons) return;
    this.last = event;
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => {
      this.waits = false;
      this.#look(this.last);
    });
  }

  #look(event) {
    const [entry = null] = this.#under(event);
    if (entry === this.over) {
      if (entry) this.#follow(entry);
      return;
    }
    if (!entry) {
      this.#leave();
      return;
    }
    this.over = entry;
    this.map.getContainer().classList.add("over-mark");
    this.tip.setContent(entry.tip());
    this.#follow(entry);
    this.tip.addTo(this.map);
  }

  #follow(entry) {
    const { wx, wy, reach } = entry;
    const raised = this.map.project(this.map.unproject([wx, wy], 0)).add([reach.x, reach.y - reach.r + 2]);
    this.tip.setLatLng(this.map.unproject(raised));
  }

  #leave() {
    if (!this.over) return;
    this.over = null;
    this.map.getContainer().classList.remove("over-mark");
    this.tip.remove();
  }
}
