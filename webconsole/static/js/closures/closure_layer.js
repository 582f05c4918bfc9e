// Map layer of road closures: areas hatched, roads as barrier tape, each with a label.
/* global L */
import { el, svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on, select, state } from "../core/store.js";
import { toLatLng } from "../map/tools/map_clicks.js";
import { addTool } from "../map/tools/tool_column.js";
import { closureLabel, closureWhen } from "./closure_labels.js";
import { closureState } from "./closure_state.js";
import { roadsChanged } from "./closures.js";

const HATCH = "closed-hatch";

/** Leaflet draws in SVG; a pattern anywhere in the page can fill its shapes. */
function hatch() {
  if (document.getElementById(HATCH)) return;
  document.body.append(
    svg("svg", { width: 0, height: 0, class: "pattern-store", "aria-hidden": "true" },
      svg("pattern", { id: HATCH, patternUnits: "userSpaceOnUse", width: 9, height: 9, patternTransform: "rotate(45)" },
        svg("rect", { class: "hatch-ground", width: 9, height: 9 }),
        svg("path", { class: "hatch-line", d: "M0 0V9" }))),
  );
}

export class ClosureLayer {
  /** `button`: a way from the map to the list of closures; phones only look. */
  constructor(map, { button = true } = {}) {
    this.map = map;
    this.button = button;
    this.shown = new Map();
    hatch();
    if (button) this.#addButton();
    for (const topic of ["closures", "tick", "selection"]) on(topic, () => this.draw());
    on("selection", () => this.#bringIntoView());
    this.draw();
  }

  draw() {
    let changed = false;
    for (const [id, entry] of this.shown) {
      const closure = state.closures.get(id);
      if (closure && this.#look(closure) === entry.look) continue;
      changed ||= closure !== undefined && closureState(closure) !== entry.state;
      entry.layer.remove();
      this.shown.delete(id);
    }
    for (const closure of state.closures.values()) {
      if (this.shown.has(closure.id) || closureState(closure) === "over") continue;
      const layer = this.#make(closure).addTo(this.map);
      this.shown.set(closure.id, { layer, look: this.#look(closure), state: closureState(closure) });
    }
    // A closure that begins or ends by the clock is told by nobody.
    if (changed) roadsChanged();
  }

  #bringIntoView() {
    const { kind, id } = state.selection;
    const group = kind === "closures" ? this.shown.get(id)?.layer : null;
    if (group && !this.map.getBounds().contains(group.getBounds())) this.map.panTo(group.getBounds().getCenter());
  }

  #look(closure) {
    const picked = state.selection.kind === "closures" && state.selection.id === closure.id;
    return `${closureState(closure)}|${closure.version}|${picked}`;
  }

  #make(closure) {
    const planned = closureState(closure) === "planned" ? " planned" : "";
    const picked = this.#look(closure).endsWith("true") ? " picked" : "";
    const { type, coordinates } = closure.geometry;
    const parts = [];
    let middle;
    if (type === "Polygon") {
      const rings = coordinates.map((ring) => ring.map(toLatLng));
      const shape = L.polygon(rings, { className: `closure area${planned}${picked}`, fillColor: `url(#${HATCH})`, fillOpacity: 1, interactive: this.button });
      parts.push(shape);
      middle = L.latLngBounds(rings[0]).getCenter();
    } else {
      const line = coordinates.map(toLatLng);
      for (const className of ["closure road", "closure road tape"]) {
        parts.push(L.polyline(line, { className: `${className}${planned}${picked}`, interactive: this.button, smoothFactor: 0 }));
      }
      middle = this.#halfway(line);
    }
    parts.push(L.marker(middle, { icon: this.#label(closure), interactive: false, keyboard: false }));
    const group = L.featureGroup(parts);
    if (this.button) {
      group.bindTooltip(() => this.#tooltip(closure.id), { sticky: true, className: "tip" });
      group.on("click", () => select("closures", closure.id));
    }
    return group;
  }

  #halfway(line) {
    const at = Math.max(1, Math.floor(line.length / 2));
    const [before, after] = [line[at - 1], line[at]];
    return L.latLng((before[0] + after[0]) / 2, (before[1] + after[1]) / 2);
  }

  #label(closure) {
    const arrow = closure.direction === "both" ? null : el("span.closure-arrow", { "aria-hidden": "true" }, "➜");
    if (arrow) arrow.style.transform = `rotate(${this.#slope(closure)}deg)`;
    const shell = el(`div.closure-label.${closureState(closure)}`, { data: { closureId: closure.id } }, "✕ ", closureLabel(closure), arrow ? " " : null, arrow);
    return L.divIcon({ html: el(`div.closure-anchor.${closure.kind}`, {}, shell), className: "closure-icon", iconSize: [0, 0] });
  }

  /** Degrees clockwise on the screen from east, of the direction that is closed. */
  #slope({ geometry, direction }) {
    const line = geometry.coordinates.map(toLatLng);
    const at = Math.max(1, Math.floor(line.length / 2));
    const [from, to] = [line[at - 1], line[at]].map((place) => this.map.project(place, 18));
    const degrees = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
    return Math.round(direction === "against" ? degrees + 180 : degrees);
  }

  #tooltip(id) {
    const closure = state.closures.get(id);
    if (!closure) return el("span");
    return el("div", {}, el("strong", {}, closureLabel(closure)), el("div", {}, closure.reason), el("div", {}, closureWhen(closure)));
  }

  #addButton() {
    addTool({
      id: "closures",
      label: _("Road closures"),
      icon: ["M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z", "M7.5 12h9"],
      run: () => select("closures"),
    });
  }
}
