// Map layer of paths by road: of crews that are sent (solid), of the crew under the pointer
// (dotted), and of the one held for comparison (long dashes), each labelled with its travel time.
/* global L */
import { el } from "../core/dom.js";
import { distance, travelTime } from "../core/format.js";
import { drivenLabel } from "../core/labels.js";
import { liveAssignments, on, selectedIncident, state } from "../core/store.js";
import { assignmentPath, candidatePath } from "./road_paths.js";

const HOVER_MS = 120; // the pointer passes over rows on its way; only a rest is a question

class Line {
  constructor(map, className, { tip = null } = {}) {
    this.map = map;
    this.casing = L.polyline([], { className: `${className} casing`, interactive: false });
    this.core = L.polyline([], { className, interactive: false });
    this.note = tip && L.tooltip({ permanent: true, direction: "center", className: `tip way-tip ${tip}`, interactive: false });
  }

  show(points, words = null) {
    this.casing.setLatLngs(points).addTo(this.map);
    this.core.setLatLngs(points).addTo(this.map);
    if (!this.note || !words) return;
    this.note.setContent(el("span", {}, words)).setLatLng(this.#middle(points)).addTo(this.map);
  }

  /** In the middle of what is seen of it. */
  #middle(points) {
    const view = this.map.getBounds().pad(-0.1);
    const seen = points.filter((point) => view.contains(point));
    return (seen.length ? seen : points).at((seen.length || points.length) / 2);
  }

  hide() {
    for (const layer of [this.casing, this.core, this.note]) layer?.remove();
  }
}

const pathLabel = (facts) => [travelTime(facts.travel_time_s), ...drivenLabel(facts), distance(facts.length_m)].join(" · ");

export class RouteLayer {
  constructor(map) {
    this.map = map;
    this.sent = new Map();
    this.held = new Line(map, "route compared", { tip: "held-tip" });
    this.preview = new Line(map, "route preview", { tip: "preview-tip" });
    this.others = [0, 1].map(() => L.polyline([], { className: "route other", interactive: false }));
    for (const topic of ["incidents", "selection", "crews", "ways"]) on(topic, () => this.#drawSent());
    for (const topic of ["hover", "compare"]) on(topic, () => this.#previewSoon());
    on("compare", () => this.#drawHeld());
    on("slow", () => {
      this.#drawSent();
      this.#drawHeld();
    });
    on("roads", () => {
      this.#drawSent();
      this.#drawHeld();
    });
  }

  /** The assignments whose path matters now: of the chosen incident, or of the chosen crew. */
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
      const { points } = await assignmentPath(assignment.id);
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
    if (!incident || crewId === null || crewId === state.compareCrewId) {
      this.wanted = null;
      this.#hidePreview();
      return;
    }
    this.timer = setTimeout(() => this.#preview(incident.id, crewId), HOVER_MS);
  }

  async #preview(incidentId, crewId) {
    const key = `${incidentId}-${crewId}`;
    this.wanted = key;
    const path = await candidatePath(incidentId, crewId);
    if (this.wanted !== key) return;
    this.#hidePreview();
    if (path.points.length) this.#showPreview(path, crewId);
  }

  /** Two paths carry their crews' names, one alone does not need it. */
  #words(crewId, facts) {
    const name = state.crews.get(crewId)?.name;
    return state.compareCrewId !== null && name ? `${name} · ${pathLabel(facts)}` : pathLabel(facts);
  }

  #showPreview({ points, facts, others }, crewId) {
    for (const [index, line] of this.others.entries()) {
      // With a second crew's path on the map, a third and a fourth would only confuse.
      if (others[index] && state.compareCrewId === null) line.setLatLngs(others[index]).addTo(this.map);
    }
    this.preview.show(points, this.#words(crewId, facts));
  }

  #hidePreview() {
    for (const line of [this.preview, ...this.others]) (line.hide ?? line.remove).call(line);
  }

  async #drawHeld() {
    const incident = selectedIncident();
    const crewId = state.compareCrewId;
    const key = incident && crewId !== null ? `${incident.id}-${crewId}` : null;
    this.heldKey = key;
    if (!key) {
      this.held.hide();
      return;
    }
    const path = await candidatePath(incident.id, crewId);
    if (this.heldKey !== key) return;
    if (path.points.length) this.held.show(path.points, this.#words(crewId, path.facts));
    else this.held.hide();
  }
}
