// Map layer of crews. Positions come once a second; between two of them a marker glides, so that
// the eye can follow one van among thirty.
import { now, secondsSince } from "../core/clock.js";
import { el } from "../core/dom.js";
import { age, speed } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { CREW_STATES, crewState } from "../core/labels.js";
import { liveAssignments, on, select, selectedIncident, state } from "../core/store.js";
import { boardOf } from "../map/board/board_of_map.js";
import { NEAR_ZOOM } from "../map/board/marker_board.js";
import { isStale, placeWords, staleAfter } from "./crew_place.js";

const JUMP_M = 400; // further than a van drives in a second: put it there, do not slide it over roofs
const EARTH_M = 40075016.686;
const WORLD_PX = 256; // the earth's circumference at zoom 0
const REACH = { x: 0, y: 0, r: 14 };


export class CrewLayer {
  constructor(map, board = boardOf(map)) {
    this.kind = "crew";
    this.map = map;
    this.board = board;
    this.known = new Map();
    for (const topic of ["crews", "positions", "selection", "hover", "compare", "following", "incidents"]) {
      on(topic, () => board.change());
    }
    on("tick", () => board.age());
    board.add(this);
  }

  marks() {
    this.around = this.#aroundChoice();
    this.named = this.map.getZoom() >= NEAR_ZOOM;
    for (const id of this.known.keys()) if (!state.crews.has(id)) this.known.delete(id);
    const marks = [];
    for (const crew of state.crews.values()) {
      if (typeof crew.lon !== "number" || typeof crew.lat !== "number") continue;
      const mark = this.known.get(crew.id) ?? this.#make(crew);
      this.#move(mark, crew);
      marks.push(mark);
    }
    return marks.sort((a, b) => a.id - b.id);
  }

  #make(crew) {
    const { id } = crew;
    const mark = {
      kind: "crew",
      id,
      from: null,
      reach: REACH,
      dress: (sprites) => this.#dress(mark, state.crews.get(id), sprites),
      name: () => this.#name(state.crews.get(id)),
      tip: () => this.#tip(state.crews.get(id)),
      pick: () => select("crew", id),
      isPicked: () => state.selection.kind === "crew" && state.selection.id === id,
    };
    this.known.set(id, mark);
    return mark;
  }

  /** Crews that the desk is looking at just now are never hidden in a group. */
  #aroundChoice() {
    const ids = new Set(liveAssignments(selectedIncident()).map((assignment) => assignment.crew_id));
    for (const id of [state.hoverCrewId, state.compareCrewId, state.followingCrewId]) ids.add(id);
    if (state.selection.kind === "crew") ids.add(state.selection.id);
    return ids;
  }

  #move(mark, crew) {
    if (mark.lon === crew.lon && mark.lat === crew.lat) return;
    const to = this.board.world(crew.lat, crew.lon);
    const first = mark.lon === undefined;
    const jumpPx = (JUMP_M / EARTH_M) * WORLD_PX / Math.cos((crew.lat * Math.PI) / 180);
    const glides = !first && !document.hidden && Math.hypot(to.x - mark.wx, to.y - mark.wy) < jumpPx;
    mark.from = glides ? { wx: mark.wx, wy: mark.wy, ms: performance.now() } : null;
    Object.assign(mark, { lon: crew.lon, lat: crew.lat, wx: to.x, wy: to.y });
  }

  #dress(mark, crew, sprites) {
    const known = crew.known_at ?? crew.fixed_at;
    if (mark.knownAt !== known) Object.assign(mark, { knownAt: known, knownMs: Date.parse(known) });
    const stale = !crew.fixed_at || now() - mark.knownMs > staleAfter * 1000;
    const silent = stale && crew.state !== "off_duty";
    const ringed = mark.isPicked() || [state.hoverCrewId, state.compareCrewId].includes(crew.id);
    const heads = typeof crew.heading_deg === "number" && (crew.speed_mps ?? 1) > 0.5 && !stale;
    mark.state = crew.state;
    mark.stale = stale;
    mark.solo = this.around.has(crew.id);
    mark.rank = ringed ? 3 : mark.solo ? 2 : crew.state === "off_duty" ? 0 : 1;
    mark.pulse = crew.state === "offered" && !stale;
    mark.sprite = sprites.crew({ state: crew.state, stale, ringed, headingDeg: heads ? crew.heading_deg : null });
    // A stale crew says so in words on the map, at any zoom.
    mark.tag = this.named || mark.solo || silent ? sprites.label(this.#label(crew, silent), { alarm: silent }) : null;
  }

  #label(crew, silent) {
    return silent && crew.fixed_at ? `${crew.name} · ${age(secondsSince(crew.fixed_at))}` : crew.name;
  }

  #name(crew) {
    return crew ? `${this.#label(crew, isStale(crew) && crew.state !== "off_duty")} · ${crewState(crew.state)}` : "";
  }

  #tip(crew) {
    if (!crew) return el("span");
    const facts = [crewState(crew.state), placeWords(crew)];
    if (!isStale(crew) && (crew.speed_mps ?? 0) > 0.5) facts.push(speed(crew.speed_mps));
    return el("div", {}, el("strong", {}, crew.name), el("div", {}, facts.join(" · ")));
  }

  group(members, sprites) {
    const counts = new Map(CREW_STATES.map((code) => [code, 0]));
    for (const { state: code } of members) counts.set(code, (counts.get(code) ?? 0) + 1);
    const states = [...counts].filter(([, n]) => n > 0);
    const silent = members.filter(({ stale, state: code }) => stale && code !== "off_duty").length;
    const heading = () => _("%(n)s crews", { n: members.length });
    const facts = () => [
      ...states.map(([code, n]) => `${n} ${crewState(code)}`),
      ...(silent ? [_("%(n)s with an old position", { n: silent })] : []),
    ];
    const sprite = sprites.crews({ count: members.length, states });
    return {
      kind: "crew",
      id: null,
      members,
      rank: 1.5,
      sprite,
      reach: { x: 0, y: 0, r: sprite.width / 2 },
      name: () => `${heading()}: ${facts().join(" · ")}`,
      tip: () => el("div", {}, el("strong", {}, heading()), ...facts().map((fact) => el("div", {}, fact))),
    };
  }
}
