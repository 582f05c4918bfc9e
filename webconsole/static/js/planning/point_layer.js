// Standby points on the map: set by a click, dragged, or moved by the arrow keys.
/* global L */
import { el, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";

const STEP_PX = 4;
const LEAP_PX = 40;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** What a point is called where it has no name. */
export const titleOf = (post, at) => post.name || _("Point %(number)s", { number: at + 1 });

export class PointLayer {
  constructor(map, plan, { chosen }) {
    this.map = map;
    this.plan = plan;
    this.markers = new Map();
    this.chosen = chosen;
    this.offRoad = new Set();
    map.on("click", ({ latlng }) => this.focus(plan.add([{ lon: latlng.wrap().lng, lat: latlng.lat }])));
    plan.on((what) => what !== "conditions" && this.draw());
    this.draw();
  }

  /** Mark the points, by their place in the list, that lie off every road. */
  showOffRoad(numbers) {
    this.offRoad = new Set(numbers);
    this.draw();
  }

  focus({ id }) {
    this.markers.get(id)?.marker.getElement()?.focus({ preventScroll: true });
    this.chosen(id);
  }

  draw() {
    const ids = new Set(this.plan.posts.map(({ id }) => id));
    for (const [id, { marker }] of this.markers) {
      if (ids.has(id)) continue;
      marker.remove();
      this.markers.delete(id);
    }
    for (const [at, post] of this.plan.posts.entries()) this.#drawOne(post, at);
  }

  #drawOne(post, at) {
    const shown = this.markers.get(post.id) ?? this.#make(post);
    const { lat, lng } = shown.marker.getLatLng();
    if (lat !== post.lat || lng !== post.lon) shown.marker.setLatLng([post.lat, post.lon]);
    text(shown.number, at + 1);
    text(shown.label, post.name);
    const node = shown.marker.getElement();
    const off = this.offRoad.has(at);
    node.classList.toggle("off-road", off);
    node.setAttribute("aria-label", off ? _("%(name)s, off every road", { name: titleOf(post, at) }) : titleOf(post, at));
  }

  #make({ id, lon, lat }) {
    const number = el("span.plan-number");
    const label = el("span.plan-label");
    const icon = L.divIcon({ html: el("div.plan-pin", {}, number, label), className: "plan-post", iconSize: [26, 26], iconAnchor: [13, 13] });
    const marker = L.marker([lat, lon], { icon, draggable: true, autoPan: true, keyboard: true, riseOnHover: true }).addTo(this.map);
    marker.on("dragstart", () => this.chosen(id));
    marker.on("drag", () => {
      const at = marker.getLatLng();
      this.plan.move(id, at.lng, at.lat);
    });
    marker.on("click", () => this.chosen(id));
    const node = marker.getElement();
    node.dataset.postId = id;
    node.addEventListener("keydown", (event) => this.#key(event, id, marker));
    const shown = { marker, number, label };
    this.markers.set(id, shown);
    return shown;
  }

  #key(event, id, marker) {
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== "Delete" && event.key !== "Backspace") return;
    event.preventDefault();
    event.stopPropagation(); // the map would move as well
    if (!arrow) {
      this.plan.remove(id);
      this.map.getContainer().focus({ preventScroll: true });
      return;
    }
    const step = event.shiftKey ? LEAP_PX : STEP_PX;
    const at = this.map.latLngToContainerPoint(marker.getLatLng()).add([arrow[0] * step, arrow[1] * step]);
    const { lng, lat } = this.map.containerPointToLatLng(at);
    this.plan.move(id, lng, lat);
  }
}
