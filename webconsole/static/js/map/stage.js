// The map itself: ground, controls, where a new incident is pinned.
/* global L */
import { boot } from "../boot.js";
import { el } from "../dom.js";
import { _ } from "../i18n.js";
import { groundLayer } from "./ground.js";
import { box, firstView } from "./view.js";

const isDark = () => document.documentElement.dataset.theme === "dark";

/** Tiles are kept for ever by their address, so the address names the ground. */
const tilesUrl = (groundId) => `/tiles/{z}/{x}/{y}.mvt?g=${groundId}`;

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

function homeButton(map, home) {
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    const label = _("Show all crews and incidents");
    const button = el("button.map-button", { type: "button", title: label, "aria-label": label, onclick: home }, "⌂");
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
}

/**
 * Make the map in `node`. Returns {map, home, useGround}.
 *
 * `things()`: where what matters is, {lon, lat, must}; the first view and the home button show it.
 */
export function makeStage(node, { zoomControl = true, things = () => [] } = {}) {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(node, {
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    minZoom: 3,
    maxZoom: 19,
    worldCopyJump: false,
    keyboard: true,
    tapHold: true,
  });
  let bounds = null;
  let ground = null;
  let veil = null;
  let credit = null;
  const home = () => {
    const { centre, zoom } = firstView(map, { things: things(), ground: bounds });
    map.setView(centre, zoom, { animate: false });
  };
  /** Draw the ground that `boot` tells of, in the place of the former one. */
  const useGround = () => {
    for (const layer of [ground, veil, credit]) layer?.remove();
    bounds = boot.bounds ? box(boot.bounds) : null;
    map.setMaxBounds(bounds ? bounds.pad(0.6) : null);
    map.setMinZoom(bounds ? Math.max(3, map.getBoundsZoom(bounds) - 1) : 3);
    home();
    veil = bounds ? outside(bounds).addTo(map) : null;
    ground = groundLayer({ url: tilesUrl(boot.ground_id), dark: isDark(), bounds: bounds ?? undefined });
    ground.addTo(map);
    credit = credits().addTo(map);
  };
  useGround();
  document.addEventListener("themechange", () => ground.setDark(isDark()));
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  if (zoomControl) {
    L.control.zoom({ position: "topright", zoomInTitle: _("Zoom in"), zoomOutTitle: _("Zoom out") }).addTo(map);
    homeButton(map, home);
  }
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
  return { map, home, useGround };
}
