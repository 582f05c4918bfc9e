// Gives the map's clicks and keys to one tool (marking, drawing, measuring) while it is active.
import { setMarking } from "../../core/store.js";

/** A position as the map wants it. */
export const toLatLng = ([lon, lat]) => [lat, lon];

/** Whether a click at `latlng` means a point that is there already. */
export function isNear(map, latlng, point, withinPx) {
  return map.latLngToContainerPoint(latlng).distanceTo(map.latLngToContainerPoint(toLatLng(point))) < withinPx;
}

/** Keys of whoever sets corners: Enter ends, Backspace takes the last one away, Esc begins anew. */
export function cornerKey(event, marking, end) {
  if (!marking || event.target.matches?.("input, textarea, select")) return;
  if (event.key === "Enter" && event.target.tagName !== "BUTTON") end();
  else if (event.key === "Backspace") setMarking({ ...marking, points: marking.points.slice(0, -1) });
  else if (event.key === "Escape" && marking.points.length) setMarking({ ...marking, points: [] });
  else return;
  event.preventDefault();
  event.stopPropagation();
}

let holder = null; // one at a time

export class MapClicks {
  /** `handlers` are those of the map; `key(event)` hears the keys before everybody else. */
  constructor(map, handlers, key) {
    Object.assign(this, { map, handlers, key });
  }

  /** Take the clicks, or give them back; again the same is no change. */
  hold(wanted) {
    if ((holder === this) === wanted) return;
    if (wanted) {
      holder?.hold(false);
      holder = this;
      this.map.on(this.handlers).doubleClickZoom.disable();
      // Before everybody else: Esc leaves the marking first, and only then the panel.
      document.addEventListener("keydown", this.key, true);
      this.map.getContainer().focus({ preventScroll: true });
    } else {
      holder = null;
      this.map.off(this.handlers);
      // Not at once: the double click that ended the marking is not yet over.
      setTimeout(() => holder || this.map.doubleClickZoom.enable(), 0);
      document.removeEventListener("keydown", this.key, true);
    }
    this.map.getContainer().classList.toggle("is-marking", wanted);
  }
}
