// Ways by road: of the crews that are sent (solid), of the crew under the pointer (dashed).
/* global L */
import { get } from "../api.js";
import { el } from "../dom.js";
import { distance, travelTime } from "../format.js";
import { liveAssignments, on, selectedIncident, state } from "../store.js";

const KEEP_MS = 20000; // a driving crew's route is asked for again after this
const HOVER_MS = 120; // the pointer passes over rows on its way; only a rest is a question

const toLatLng = (coordinates) => coordinates.map(([lon, lat]) => [lat, lon]);

/** {points, facts, others} of a way; no points where there is none. */
function toWay(feature) {
  const { alternatives = [], ...facts } = feature?.properties ?? {};
  return { points: toLatLng(feature?.geometry?.coordinates ?? []), facts, others: alternatives.map((other) => toLatLng(other.coordinates)) };
}

const NO_WAY = { points: [], facts: {}, others: [] };

class Line {
  constructor(map, className) {
    this.map = map;
    this.casing = L.polyline([], { className: `${className} casing`, interactive: false });
    this.core = L.polyline([], { className, interactive: false });
  }

  show(points) {
    this.casing.setLatLngs(points).addTo(this.map);
    this.core.setLatLngs(points).addTo(this.map);
  }

  hide() {
    this.casing.remove();
    this.core.remove();
  }
}

export class RouteLayer {
  constructor(map) {
    this.map = map;
    this.sent = new Map();
    this.preview = new Line(map, "route preview");
    this.others = [0, 1].map(() => L.polyline([], { className: "route other", interactive: false }));
    this.note = L.tooltip({ permanent: true, direction: "center", className: "tip way-tip", interactive: false });
    this.cache = new Map();
    this.wanted = null;
    for (const topic of ["incidents", "selection", "crews"]) on(topic, () => this.#drawSent());
    on("hover", () => this.#previewSoon());
    on("slow", () => this.#drawSent());
    on("roads", () => {
      this.cache.clear();
      this.#drawSent();
    });
  }

  async #route(key, path) {
    const kept = this.cache.get(key);
    if (kept && performance.now() - kept.atMs < KEEP_MS) return kept.way;
    const entry = { atMs: performance.now(), way: get(path).then(toWay, () => NO_WAY) };
    this.cache.set(key, entry);
    if (this.cache.size > 200) this.cache.delete(this.cache.keys().next().value);
    return entry.way;
  }

  /** The assignments whose way matters now: of the chosen incident, or of the chosen crew. */
  #driving() {
    if (state.selection.kind === "crew") {
      return [...state.incidents.values()].flatMap(liveAssignments)
        .filter((a) => a.crew_id === state.selection.id && a.state !== "on_scene" && a.rank === 0);
    }
    return liveAssignments(selectedIncident()).filter((a) => a.state !== "on_scene" && a.rank === 0);
  }

  async #drawSent() {
    const driving = this.#driving();
    const ids = new Set(driving.map((a) => a.id));
    this.drawn = ids;
    for (const [id, line] of this.sent) {
      if (!ids.has(id)) {
        line.hide();
        this.sent.delete(id);
      }
    }
    for (const assignment of driving) {
      const { points } = await this.#route(`a${assignment.id}`, `/assignments/${assignment.id}/route`);
      if (this.drawn !== ids) return; // the choice moved on while the server thought
      if (!points.length) continue;
      if (!this.sent.has(assignment.id)) this.sent.set(assignment.id, new Line(this.map, "route sent"));
      this.sent.get(assignment.id).show(points);
    }
  }

  #previewSoon() {
    clearTimeout(this.timer);
    const incident = selectedIncident();
    const crewId = state.hoverCrewId;
    if (!incident || crewId === null) {
      this.wanted = null;
      this.#hidePreview();
      return;
    }
    this.timer = setTimeout(() => this.#preview(incident.id, crewId), HOVER_MS);
  }

  async #preview(incidentId, crewId) {
    const key = `c${incidentId}-${crewId}`;
    this.wanted = key;
    const way = await this.#route(key, `/incidents/${incidentId}/candidates/${crewId}/route?alternatives=1`);
    if (this.wanted !== key) return;
    this.#hidePreview();
    if (way.points.length) this.#showPreview(way);
  }

  #showPreview({ points, facts, others }) {
    for (const [index, line] of this.others.entries()) {
      if (others[index]) line.setLatLngs(others[index]).addTo(this.map);
    }
    this.preview.show(points);
    // In the middle of what is seen of it.
    const view = this.map.getBounds().pad(-0.1);
    const seen = points.filter((point) => view.contains(point));
    this.note.setLatLng((seen.length ? seen : points).at((seen.length || points.length) / 2));
    this.note.setContent(el("span", {}, `${travelTime(facts.travel_time_s)} · ${distance(facts.length_m)}`));
    this.note.addTo(this.map);
  }

  #hidePreview() {
    for (const layer of [this.preview.casing, this.preview.core, this.note, ...this.others]) layer.remove();
  }
}
