// Map of a replay: crews where they were, their tracks, incidents in their state, photos.
/* global L */
import { stageLabel } from "../assignments/progress.js";
import { el, fill, svg, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { crewState, incidentTitle } from "../core/labels.js";
import { crewGlyph, incidentGlyph } from "../map/board/glyphs.js";
import { showPhotos } from "../records/photo_viewer.js";
import { arrivalOf } from "./decision_panel.js";
import { makeRoom } from "./label_room.js";

const TRAIL_S = 300;
const ALL_TRAILS = 60; // with more crews than this only those at work draw their trails
const TRAIL_MS = 150;
const DECIDED_S = 60; // how long after a decision its choices stay on the map
const GONE = new Set(["closed", "cancelled", "merged"]);
const CAMERA = "M5.5 4 6.6 2.5h2.8L10.5 4H13a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM8 6a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z";

/** The canvas knows no custom properties; by night it has another blue. */
const accent = () => getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() || "#0072b2";

const icon = (html, className, size, anchor) => L.divIcon({ html, className, iconSize: size, iconAnchor: anchor });

export class Scene {
  constructor(map, past) {
    this.map = map;
    this.past = past;
    const paint = L.canvas({ padding: 0.3 });
    this.whole = L.layerGroup().addTo(map);
    this.choices = L.layerGroup().addTo(map);
    this.things = new Map();
    this.trailsMs = -Infinity;
    this.tips = [];
    for (const crew of past.crews.values()) this.#addCrew(crew, paint);
    for (const incident of past.incidents.values()) this.#addIncident(incident);
    for (const photo of past.photos) this.#addPhoto(photo);
    map.on("zoomend", () => this.#nameCrews());
    document.addEventListener("themechange", () => {
      for (const { trail } of this.things.values()) trail?.setStyle({ color: accent() });
    });
  }

  #addCrew(crew, paint) {
    const lines = crew.segments.map(({ points }) => points.map(([lon, lat]) => [lat, lon]));
    const few = this.past.crews.size <= ALL_TRAILS;
    if (few && lines.length) L.polyline(lines, { renderer: paint, className: "track", color: "#6b7680", opacity: 0.45, weight: 2, interactive: false }).addTo(this.whole);
    const glyph = el("span.mark");
    const label = el("span.replay-label");
    const marker = L.marker([0, 0], { icon: icon(el("div.replay-crew", {}, glyph, label), "crew-icon", [32, 32], [16, 16]), keyboard: false, interactive: false, zIndexOffset: 200 });
    const trail = L.polyline([], { renderer: paint, color: accent(), opacity: 0.85, weight: 4, interactive: false });
    this.things.set(`c${crew.id}`, { crew, marker, glyph, label, trail, few, look: "" });
  }

  #addIncident(incident) {
    const shell = el("div.incident-marker");
    const marker = L.marker([incident.lat, incident.lon], { icon: icon(shell, "incident-icon", [34, 42], [17, 41.5]), keyboard: false, interactive: false, zIndexOffset: 500 });
    this.things.set(`i${incident.id}`, { incident, marker, shell, look: "" });
  }

  #addPhoto(photo) {
    if (typeof photo.lon !== "number") return;
    const label = photo.caption || _("Photo by %(who)s", { who: photo.author });
    const button = el("button.replay-photo", { type: "button", "aria-label": label, title: label }, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: CAMERA, "fill-rule": "evenodd" })));
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      showPhotos(this.past.photos, this.past.photos.indexOf(photo), this.past.incidents.get(photo.incident_id));
    });
    const marker = L.marker([photo.lat, photo.lon], { icon: icon(button, "photo-icon", [26, 26], [-16, 26]), keyboard: false, zIndexOffset: 700 });
    this.things.set(`p${photo.id}`, { photo, marker });
  }

  /** Draw an instant. */
  show(atS, { playing }) {
    const trails = !playing || performance.now() - this.trailsMs > TRAIL_MS;
    for (const thing of this.things.values()) {
      if (thing.crew) this.#crew(thing, atS, trails);
      else if (thing.incident) this.#incident(thing, atS);
      else this.#put(thing.marker, thing.photo.atS <= atS);
    }
    this.#choices(atS);
    if (!trails) return;
    this.trailsMs = performance.now();
    this.#nameCrews();
  }

  /** As many names as have room; a crew among the choices has its name there. */
  #nameCrews() {
    const labels = this.tips.map((tip) => ({ ...tip, at: this.map.latLngToLayerPoint(tip.at), centred: true }));
    const named = new Set(this.tips.map(({ id }) => id));
    for (const { crew, marker, label, working } of this.things.values()) {
      if (!crew || !this.map.hasLayer(marker)) continue;
      const rank = named.has(crew.id) ? null : working ? 1 : 0;
      labels.push({ id: crew.id, node: label, at: this.map.latLngToLayerPoint(marker.getLatLng()), rank });
    }
    makeRoom(labels);
  }

  #put(marker, shown) {
    if (shown === this.map.hasLayer(marker)) return;
    if (shown) marker.addTo(this.map);
    else marker.remove();
  }

  #crew(thing, atS, trails) {
    const { crew, marker } = thing;
    const place = this.past.placeOf(crew, atS);
    this.#put(marker, Boolean(place));
    if (!place) {
      thing.trail.remove();
      return;
    }
    marker.setLatLng([place.lat, place.lon]);
    const frame = this.past.frameOf(crew, atS);
    thing.working = Boolean(frame?.assignment_id);
    const look = `${frame?.state}|${place.silent}`;
    if (look !== thing.look) {
      thing.look = look;
      fill(thing.glyph, crewGlyph(frame?.state, { stale: place.silent }));
      marker.getElement()?.setAttribute("data-state", frame?.state ?? "");
      marker.getElement()?.setAttribute("data-crew-id", crew.id);
    }
    const said = place.silent ? _("%(crew)s · not heard since %(time)s", { crew: crew.name, time: clock(this.past.iso(place.heardS)) }) : `${crew.name} · ${crewState(frame?.state)}`;
    text(thing.label, said);
    if (!trails) return;
    const wanted = thing.few || frame?.assignment_id;
    const lines = wanted ? this.past.trailOf(crew, atS, TRAIL_S) : [];
    if (lines.length) thing.trail.setLatLngs(lines).addTo(this.map);
    else thing.trail.remove();
  }

  #incident(thing, atS) {
    const frame = this.past.frameOf(thing.incident, atS);
    const shown = Boolean(frame) && (this.past.told.about.kind === "incident" || !GONE.has(frame.state));
    this.#put(thing.marker, shown);
    if (!shown) return;
    if (typeof frame.lon === "number") thing.marker.setLatLng([frame.lat, frame.lon]);
    const look = `${frame.stage}|${frame.priority}|${thing.marker.getElement() !== null}`;
    if (look === thing.look) return;
    thing.look = look;
    fill(thing.shell, incidentGlyph({ ...frame, state: frame.stage, id: thing.incident.id }));
    const node = thing.marker.getElement();
    node?.setAttribute("data-state", frame.stage);
    node?.setAttribute("data-incident-id", thing.incident.id);
    node?.setAttribute("title", `${incidentTitle({ ...thing.incident, kind: frame.kind })} · ${stageLabel(frame.stage)}`);
  }

  /** The crews that were chosen from: where each stood, and how long it would have taken. */
  #choices(atS) {
    const decision = this.past.decisionAt(atS);
    const shown = decision && atS - decision.atS <= DECIDED_S ? decision : null;
    if (shown === this.shown) return;
    this.shown = shown;
    this.choices.clearLayers();
    this.tips = [];
    if (!shown) return;
    const incident = this.past.incidents.get(shown.incident_id);
    const frame = incident && this.past.frameOf(incident, shown.atS);
    if (!frame) return;
    const target = [frame.lat ?? incident.lat, frame.lon ?? incident.lon];
    for (const candidate of shown.candidates) {
      if (candidate.verdict === "excluded" && candidate.crew_id !== shown.crew_id) continue;
      if (typeof candidate.lon !== "number") continue;
      const chosen = candidate.crew_id === shown.crew_id;
      L.polyline([[candidate.lat, candidate.lon], target], { className: `choice${chosen ? " chosen" : ""}`, interactive: false }).addTo(this.choices);
      if (!chosen) this.#nameChoice(candidate);
    }
  }

  /** Who else could have come, where it stood then; the list has the recommended one first. */
  #nameChoice(candidate) {
    const words = el("span", {}, [candidate.crew_name, arrivalOf(candidate)].join(" · "));
    const at = [candidate.lat, candidate.lon];
    const tip = L.tooltip(at, { content: words, permanent: true, direction: "center", className: "choice-tip" }).addTo(this.choices);
    this.tips.push({ id: candidate.crew_id, node: tip.getElement(), at, rank: 1000 - this.tips.length });
  }
}
