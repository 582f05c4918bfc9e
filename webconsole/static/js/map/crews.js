// Crews on the map. Positions come once a second; between two of them a marker glides, so that
// the eye can follow one van among thirty.
/* global L */
import { secondsSince } from "../clock.js";
import { boot } from "../boot.js";
import { el, fill, text } from "../dom.js";
import { age, speed } from "../format.js";
import { _ } from "../i18n.js";
import { on, select, state } from "../store.js";
import { crewState } from "../words.js";
import { crewMarker } from "./glyphs.js";

const GLIDE_MS = 1000;
const JUMP_M = 400; // further than a van drives in a second: put it there, do not slide it over roofs
const LABELS_FROM_ZOOM = 15;

const staleAfter = boot.stale_fix_s ?? 120;
export const isStale = (crew) => !crew.fixed_at || secondsSince(crew.fixed_at) > staleAfter;

export class CrewLayer {
  constructor(map) {
    this.map = map;
    this.markers = new Map();
    this.gliding = new Set();
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    on("crews", () => this.draw());
    on("positions", () => this.draw());
    on("tick", () => this.draw());
    on("selection", () => this.draw());
    on("hover", () => this.draw());
    map.on("zoomend", () => this.#labels());
    this.#labels();
    this.draw();
  }

  draw() {
    for (const [id, entry] of this.markers) {
      if (!state.crews.has(id)) {
        entry.marker.remove();
        this.markers.delete(id);
      }
    }
    for (const crew of state.crews.values()) {
      if (typeof crew.lon !== "number" || typeof crew.lat !== "number") continue;
      const entry = this.markers.get(crew.id) ?? this.#add(crew);
      this.#dress(entry, crew);
      this.#move(entry, crew);
    }
  }

  #add(crew) {
    const shell = el("div.crew-marker");
    const label = el("span.crew-label");
    const icon = L.divIcon({ html: shell, className: "crew-icon", iconSize: [32, 32] });
    const marker = L.marker([crew.lat, crew.lon], { icon, keyboard: true, riseOnHover: true, title: "", alt: crew.name });
    const entry = { marker, shell, label, look: "", target: null };
    marker.bindTooltip(() => this.#tooltip(crew.id), { direction: "top", offset: [0, -12], className: "tip" });
    marker.on("click", () => select("crew", crew.id));
    marker.on("keypress", (event) => event.originalEvent.key === "Enter" && select("crew", crew.id));
    marker.addTo(this.map);
    this.markers.set(crew.id, entry);
    return entry;
  }

  #dress(entry, crew) {
    const stale = isStale(crew);
    const look = `${crew.state}|${stale}`;
    if (look !== entry.look) {
      entry.look = look;
      const { node, beak } = crewMarker(crew.state, { stale });
      entry.beak = beak.parentNode;
      fill(entry.shell, node, entry.label);
    }
    const heading = typeof crew.heading_deg === "number" && (crew.speed_mps ?? 1) > 0.5 && !stale;
    entry.beak.style.display = heading ? "" : "none";
    if (heading) entry.beak.setAttribute("transform", `rotate(${Math.round(crew.heading_deg)} 12 12)`);
    // A stale crew says so in words on the map, at any zoom.
    const label = stale && crew.fixed_at && crew.state !== "off_duty" ? `${crew.name} · ${age(secondsSince(crew.fixed_at))}` : crew.name;
    text(entry.label, label);
    const picked = state.selection.kind === "crew" && state.selection.id === crew.id;
    entry.shell.classList.toggle("picked", picked);
    entry.shell.classList.toggle("hovered", state.hoverCrewId === crew.id);
    entry.shell.classList.toggle("stale", stale && crew.state !== "off_duty");
    const icon = entry.marker.getElement();
    if (icon) {
      icon.setAttribute("aria-label", `${label} · ${crewState(crew.state)}`);
      icon.dataset.crewId = crew.id;
      icon.dataset.state = crew.state;
    }
  }

  #move(entry, crew) {
    const key = `${crew.lon},${crew.lat}`;
    if (entry.target === key) return;
    const first = entry.target === null;
    entry.target = key;
    const to = L.latLng(crew.lat, crew.lon);
    const from = entry.marker.getLatLng();
    if (first || this.calm.matches || document.hidden || from.distanceTo(to) > JUMP_M) {
      entry.marker.setLatLng(to);
      this.gliding.delete(entry);
      return;
    }
    Object.assign(entry, { from, to, startMs: performance.now() });
    this.gliding.add(entry);
    if (this.gliding.size === 1) requestAnimationFrame((at) => this.#glide(at));
  }

  #glide(at) {
    for (const entry of this.gliding) {
      const part = Math.min(1, Math.max(0, (at - entry.startMs) / GLIDE_MS));
      entry.marker.setLatLng([
        entry.from.lat + (entry.to.lat - entry.from.lat) * part,
        entry.from.lng + (entry.to.lng - entry.from.lng) * part,
      ]);
      if (part === 1) this.gliding.delete(entry);
    }
    if (this.gliding.size) requestAnimationFrame((next) => this.#glide(next));
  }

  #labels() {
    this.map.getContainer().classList.toggle("with-labels", this.map.getZoom() >= LABELS_FROM_ZOOM);
  }

  #tooltip(id) {
    const crew = state.crews.get(id);
    if (!crew) return el("span");
    const facts = [crewState(crew.state), _("fix %(age)s", { age: age(crew.fixed_at ? secondsSince(crew.fixed_at) : null) })];
    if (!isStale(crew) && (crew.speed_mps ?? 0) > 0.5) facts.push(speed(crew.speed_mps));
    return el("div", {}, el("strong", {}, crew.name), el("div", {}, facts.join(" · ")));
  }
}
