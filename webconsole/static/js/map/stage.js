// The map itself: ground, controls, where a new incident is pinned.
/* global L */
import { boot } from "../boot.js";
import { el } from "../dom.js";
import { _ } from "../i18n.js";
import { groundLayer } from "./ground.js";

const isDark = () => document.documentElement.dataset.theme === "dark";

/** [w, s, e, n] as Leaflet wants it. */
const box = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);

function tilesUrl(groundId) {
  const url = boot.tiles_url ?? "/tiles/{z}/{x}/{y}.mvt";
  return url.includes("?") || !groundId ? url : `${url}?g=${groundId}`;
}

/** Plain text, never markup: Leaflet's own control would parse what the extract says of itself. */
function credits() {
  const control = L.control({ position: "bottomright" });
  control.onAdd = () =>
    el(
      "div.credits",
      {},
      el("a", { href: "https://www.openstreetmap.org/copyright", target: "_blank", rel: "noreferrer" },
        boot.attribution || "© OpenStreetMap contributors"),
    );
  return control;
}

/** What lies beyond the imported ground is veiled: an empty map there must not look like empty land. */
function outside(bounds) {
  const [north, south, east, west] = [bounds.getNorth(), bounds.getSouth(), bounds.getEast(), bounds.getWest()];
  const world = [[85, -180], [85, 180], [-85, 180], [-85, -180]];
  const hole = [[north, west], [north, east], [south, east], [south, west]];
  return L.polygon([world, hole], { className: "outside", interactive: false, smoothFactor: 0 });
}

/** Whole zooms only: cutting a sixth off each side beats a stamp in the middle of an empty sheet. */
function fillingZoom(map, bounds) {
  map.setView(bounds.getCenter(), map.getMinZoom(), { animate: false });
  const fits = map.getBoundsZoom(bounds);
  const size = map.getSize();
  const next = map.project(bounds.getNorthEast(), fits + 1).subtract(map.project(bounds.getSouthWest(), fits + 1));
  return Math.abs(next.x) < size.x * 1.4 && Math.abs(next.y) < size.y * 1.4 ? fits + 1 : fits;
}

function homeButton(map, home) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const button = el("button.map-button", { type: "button", title: _("Show the whole area"), "aria-label": _("Show the whole area"), onclick: () => home() }, "⌂");
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
}

/** Make the map in `node`. Returns {map, home}. */
export function makeStage(node, { zoomControl = true } = {}) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(node, {
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    minZoom: 9,
    maxZoom: 19,
    worldCopyJump: false,
    keyboard: true,
    tapHold: true,
  });
  const bounds = boot.bounds ? box(boot.bounds) : null;
  // `things`: where crews and incidents are; the ground's far corners matter less.
  const home = (things = []) => {
    if (things.length > 1) map.fitBounds(L.latLngBounds(things).pad(0.15), { animate: false, maxZoom: 16 });
    else if (bounds) map.setView(bounds.getCenter(), fillingZoom(map, bounds), { animate: false });
    else map.setView([0, 0], 3);
  };
  home();
  if (bounds) {
    map.setMaxBounds(bounds.pad(0.6));
    outside(bounds).addTo(map);
  }
  const ground = groundLayer({ url: tilesUrl(boot.ground_id), dark: isDark(), bounds: bounds ?? undefined });
  ground.addTo(map);
  document.addEventListener("themechange", () => ground.setDark(isDark()));
  credits().addTo(map);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  if (zoomControl) {
    L.control.zoom({ position: "topright", zoomInTitle: _("Zoom in"), zoomOutTitle: _("Zoom out") }).addTo(map);
    homeButton(map, home);
  }
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
  return { map, home };
}
