// Keeps one crew in view until somebody moves the map.
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { followCrew, on, state } from "../core/store.js";
import { mapBar } from "../map/tools/map_bar.js";

const INNER = 0.3; // of the map's width and height at each edge: nearer to it, the map moves

export class FollowLayer {
  constructor(map) {
    this.map = map;
    this.chip = el("div.map-chip.following", { role: "status", hidden: true });
    mapBar(map).append(this.chip);
    on("following", () => this.#begin());
    for (const topic of ["positions", "crews"]) on(topic, () => this.#keep());
    map.on("dragstart", () => followCrew(null));
  }

  #begin() {
    const crew = state.crews.get(state.followingCrewId);
    this.chip.hidden = !crew;
    if (!crew) {
      fill(this.chip);
      return;
    }
    fill(this.chip, el("span", {}, _("Following %(crew)s", { crew: crew.name })),
      el("button.quiet.icon", { type: "button", "aria-label": _("Stop following"), title: _("Stop following"), onclick: () => followCrew(null) }, "×"));
    this.#keep({ centre: true });
  }

  #keep({ centre = false } = {}) {
    if (state.followingCrewId === null) return;
    const crew = state.crews.get(state.followingCrewId);
    if (!crew) followCrew(null); // it is no longer one of ours
    if (typeof crew?.lon !== "number") return;
    const at = [crew.lat, crew.lon];
    const { x, y } = this.map.latLngToContainerPoint(at);
    const size = this.map.getSize();
    const inside = x > size.x * INNER && x < size.x * (1 - INNER) && y > size.y * INNER && y < size.y * (1 - INNER);
    if (centre || !inside) this.map.panTo(at, { animate: this.map.options.zoomAnimation });
  }
}
