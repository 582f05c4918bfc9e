// Bar over the map's upper edge that says what the map is being used for: following, measuring.
import { el } from "../../core/dom.js";

/** The strip for it, made when the first thing is to be said. */
export function mapBar(map) {
  const stage = map.getContainer().parentElement;
  let bar = stage.querySelector(".map-bar");
  if (!bar) stage.append((bar = el("div.map-bar")));
  return bar;
}
