// The Leaflet map: base map, controls, and the click that pins a new incident.
/* global L */
import { addCommand } from "../../command_line/registry.js";
import { boot } from "../../core/boot.js";
import { el } from "../../core/dom.js";
import { _ } from "../../core/i18n.js";
import { baseMapLayer } from "../base/base_map.js";
import { addTool } from "../tools/tool_column.js";
import { box, firstView } from "./first_view.js";
import { keepLastView } from "./last_view.js";
import { zoomByWheel } from "./wheel_zoom.js";

const SAME_PX = 2; // a view that differs by less is the same

const isDark = () => document.documentElement.dataset.theme === "dark";

/** Plain text, never markup: Leaflet's own control would parse what the extract says of itself. */
function credits() {
  const control = L.control({ position: "bottomright" });
  const { attribution } = boot.base_map ?? {};
  control.onAdd = () =>
    el(
      "div.credits",
      {},
      // Streets are OpenStreetMap's whoever drew the picture under them.
      attribution ? el("span", {}, `${attribution} · `) : null,
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

/** Nearer, farther, and back to what matters. */
function viewTools(map, home) {
  const plus = addTool({ id: "zoom-in", group: "view", label: _("Zoom in"), icon: "M12 5v14M5 12h14", run: () => map.zoomIn(), enabled: () => map.getZoom() < map.getMaxZoom() });
  const minus = addTool({ id: "zoom-out", group: "view", label: _("Zoom out"), icon: "M5 12h14", run: () => map.zoomOut(), enabled: () => map.getZoom() > map.getMinZoom() });
  addTool({ id: "home", group: "view", label: _("Show the ground, and again: all crews and incidents"), icon: "M4 11.5 12 5l8 6.5M6.5 9.5V19h11V9.5M10.5 19v-5h3v5", run: home });
  const group = () => _("Map");
  addCommand({ id: "map.nearer", title: () => _("Zoom in"), group, keys: ["+", "="], repeats: true, words: ["nearer", "放大"], run: () => plus.node.click() });
  addCommand({ id: "map.farther", title: () => _("Zoom out"), group, keys: ["-"], repeats: true, words: ["farther", "缩小"], run: () => minus.node.click() });
  addCommand({ id: "map.home", title: () => _("Show the ground, and again: all crews and incidents"), group, keys: ["h"], words: ["home", "全图"], run: home });
  map.on("zoomend zoomlevelschange", () => {
    plus.refresh();
    minus.refresh();
  });
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
    // Where pictures come slowly, Leaflet looks for outdated tiles before a faded one counts as there
    // and never again: colours of another zoom would stay.
    fadeAnimation: false,
    minZoom: 3,
    maxZoom: 19,
    worldCopyJump: false,
    keyboard: true,
    tapHold: true,
    scrollWheelZoom: false,
  });
  zoomByWheel(map);
  keepLastView(map);
  let bounds = null;
  let ground = null;
  let veil = null;
  let credit = null;
  const isAt = ({ centre, zoom }) => map.getZoom() === zoom && map.project(centre, zoom).distanceTo(map.project(map.getCenter(), zoom)) < SAME_PX;
  const show = ({ centre, zoom }) => map.setView(centre, zoom, { animate: false });
  const view = (all) => firstView(map, { things: things(), ground: bounds, all });
  const home = () => show(view(false));
  /** The ground; from there, all that matters, however small. */
  const homeAndAll = () => {
    const near = view(false);
    show(isAt(near) ? view(true) : near);
  };
  /** Draw the ground that `boot` tells of, in the place of the former one. */
  const useGround = () => {
    for (const layer of [ground, veil, credit]) layer?.remove();
    bounds = boot.bounds ? box(boot.bounds) : null;
    map.setMaxBounds(bounds ? bounds.pad(0.6) : null);
    map.setMinZoom(bounds ? Math.max(3, map.getBoundsZoom(bounds) - 1) : 3);
    home();
    veil = bounds ? outside(bounds).addTo(map) : null;
    ground = baseMapLayer(boot.base_map, { groundId: boot.ground_id, dark: isDark(), bounds, lang: boot.locale });
    ground.addTo(map);
    credit = credits().addTo(map);
  };
  useGround();
  document.addEventListener("themechange", () => ground.setDark(isDark()));
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  if (zoomControl) viewTools(map, homeAndAll);
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(node);
  return { map, home, useGround };
}
