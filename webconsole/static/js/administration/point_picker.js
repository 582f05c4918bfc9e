// A map in a dialog on which a place is chosen. A script of its own, loaded when it is asked for: most
// forms have no place, and the map is larger than all of them.
/* global L */
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { baseMapLayer } from "../map/base/base_map.js";
import { box } from "../map/stage/first_view.js";

const NEAR = 16;
const loaded = new Map();

/** Load a script or a style sheet once. */
function load(tag, attributes) {
  const address = attributes.src ?? attributes.href;
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((done, failed) => document.head.append(el(tag, { ...attributes, onload: done, onerror: failed }))));
  }
  return loaded.get(address);
}

/** `at`: [lon, lat] or null; `labels`: {title, use, hint, close}; `chosen([lon, lat])`. */
export async function pickPoint({ at, labels, chosen, closed }) {
  const { vendor, style } = boot.point_picker;
  await Promise.all([load("script", { src: vendor }), load("link", { rel: "stylesheet", href: style })]);
  const room = el("div.picker-map");
  const use = el("button.primary", { type: "button", disabled: !at, onclick: () => {
    chosen(at);
    node.close();
  } }, labels.use);
  const heading = el("h2", { id: "picker-title" }, labels.title);
  const node = el("dialog.picker", { "aria-labelledby": heading.id },
    el("header.dialog-head", {}, heading, el("button.quiet.icon", { type: "button", "aria-label": labels.close, onclick: () => node.close() }, "×")),
    el("div", {}, el("p.told", {}, labels.hint), room, el("div.form-actions", {}, use)));
  node.addEventListener("close", () => {
    map.remove();
    node.remove();
    closed?.();
  });
  node.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  document.body.append(node);
  node.showModal();
  const map = L.map(room, { attributionControl: false, zoomAnimation: false, fadeAnimation: false, maxZoom: 19 });
  const dark = document.documentElement.dataset.theme === "dark";
  const bounds = boot.bounds ? box(boot.bounds) : null;
  const pin = L.circleMarker([0, 0], { className: "picked-point", radius: 9 });
  const put = ([lon, lat]) => {
    at = [lon, lat];
    pin.setLatLng([lat, lon]).addTo(map);
    use.disabled = false;
  };
  if (at) {
    put(at);
    map.setView([at[1], at[0]], NEAR);
  } else if (bounds) map.setView(L.latLngBounds(bounds).getCenter(), map.getBoundsZoom(bounds, true)); // no grey beside it
  else map.setView([0, 0], 3);
  baseMapLayer(boot.base_map, { groundId: boot.ground_id, dark, bounds, lang: boot.locale }).addTo(map);
  map.on("click", ({ latlng }) => {
    const { lng, lat } = latlng.wrap();
    put([lng, lat]);
  });
}
