// On the map: where a crew in distress, or one that has not reported, is or was last, with the age of
// that.
import { secondsSince } from "../core/clock.js";
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, state } from "../core/store.js";
import { board, whereIs } from "./safety_board.js";

const NEAR_ZOOM = 16;
const SIZE_PX = 46;

/** Whom it is about and why: [{key, crew_id, words, …}]. */
function marked() {
  const found = board.sos.map((sos) => ({ key: `sos ${sos.id}`, about: sos, what: "SOS", name: sos.crew_name }));
  for (const incident of state.incidents.values()) {
    for (const order of incident.assignments ?? []) {
      if (order.safety?.check_in?.missed_at) found.push({ key: `missed ${order.id}`, about: { crew_id: order.crew_id }, what: _("not reported"), name: order.crew_name });
    }
  }
  return found;
}

export class SafetyLayer {
  constructor(map) {
    this.map = map;
    this.marks = new Map();
    for (const topic of ["safety", "incidents", "tick", "positions"]) on(topic, () => this.draw());
    document.addEventListener("lookat", ({ detail }) => map.setView([detail.lat, detail.lon], Math.max(map.getZoom(), NEAR_ZOOM), { animate: false }));
  }

  draw() {
    const wanted = new Map(marked().map((each) => [each.key, each]));
    for (const [key, mark] of this.marks) {
      if (wanted.has(key)) continue;
      mark.remove();
      this.marks.delete(key);
    }
    for (const [key, each] of wanted) {
      const at = whereIs(each.about);
      if (!at) continue;
      const words = [each.what, each.name, _("%(age)s old", { age: age(secondsSince(at.fixed_at)) })].join(" · ");
      if (!this.marks.has(key)) this.marks.set(key, this.#make());
      const mark = this.marks.get(key);
      mark.setLatLng([at.lat, at.lon]);
      if (mark.words !== words) mark.setTooltipContent(words);
      mark.words = words;
    }
  }

  #make() {
    const icon = L.divIcon({ className: "safety-mark", iconSize: [SIZE_PX, SIZE_PX] });
    const mark = L.marker([0, 0], { icon, interactive: false, keyboard: false, zIndexOffset: 2000 }).addTo(this.map);
    mark.bindTooltip("", { permanent: true, direction: "top", offset: [0, -SIZE_PX / 2], className: "safety-mark-words" });
    return mark;
  }
}
