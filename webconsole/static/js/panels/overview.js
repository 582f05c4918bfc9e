// What the right side shows when nothing is chosen: the crews by state, which is also the legend.
import { el, fill, keyed, text } from "../dom.js";
import { _ } from "../i18n.js";
import { isStale } from "../map/crews.js";
import { crewGlyph, incidentMark } from "../map/glyphs.js";
import { closureState } from "../closure_state.js";
import { loadAll } from "../loading.js";
import { on, select, state } from "../store.js";
import { CREW_STATES, crewState, incidentState } from "../words.js";

const INCIDENTS = ["open", "assigned", "on_scene", "resolved"];

export class OverviewPanel {
  constructor() {
    this.note = el("p.empty");
    this.groups = el("ul.crew-groups");
    this.closures = el("button.secondary.closures-summary", { type: "button", onclick: () => select("closures") });
    this.node = el(
      "section.panel.overview",
      {},
      el("header.panel-head", {}, el("h2", {}, _("Crews"))),
      el("div.scroll", {},
        this.note,
        this.groups,
        el("section", {}, el("h3", {}, _("Incidents on the map")),
          el("ul.legend", {}, INCIDENTS.map((code) => el("li", {}, incidentMark(code), incidentState(code))))),
        el("section", {}, el("h3", {}, _("Road closures")), this.closures),
        el("p.hint-block", {}, _("Choose an incident or a crew to see more. Right-click the map, or press long, to report an incident there."))),
    );
    this.stops = ["crews", "closures", "tick"].map((topic) => on(topic, () => this.draw()));
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  draw() {
    this.#countClosures();
    const crews = [...state.crews.values()];
    const phase = state.loading.crews;
    this.note.hidden = crews.length > 0;
    this.groups.hidden = crews.length === 0;
    if (!crews.length && this.note.dataset.phase !== phase) {
      this.note.dataset.phase = phase;
      if (phase === "loading") fill(this.note, _("Loading the crews…"));
      else if (phase === "failed") fill(this.note, _("The crews could not be loaded."), " ", el("button.secondary", { type: "button", onclick: loadAll }, _("Try again")));
      else fill(this.note, _("No crews are set up yet."));
    }
    const items = CREW_STATES.map((code) => ({ code, crews: crews.filter((crew) => crew.state === code) })).filter((group) => group.crews.length);
    keyed(this.groups, items, {
      key: (group) => group.code,
      create: (group) => this.#group(group),
      update: (row, group) => this.#update(row, group),
    });
  }

  #countClosures() {
    const states = [...state.closures.values()].map(closureState);
    const count = (code) => states.filter((each) => each === code).length;
    const words = [];
    if (count("active")) words.push(_("%(n)s active", { n: count("active") }));
    if (count("planned")) words.push(_("%(n)s planned", { n: count("planned") }));
    text(this.closures, words.join(" · ") || _("None; close roads…"));
  }

  #group({ code }) {
    const parts = { n: el("b"), names: el("div.names") };
    const row = el("li", { data: { state: code } }, el("div.line", {}, el("span.state-word", {}, crewGlyph(code), crewState(code)), parts.n), parts.names);
    row.parts = parts;
    return row;
  }

  #update(row, { crews }) {
    text(row.parts.n, String(crews.length));
    const look = crews.map((crew) => `${crew.id}${isStale(crew)}`).join();
    if (row.look === look) return;
    row.look = look;
    fill(row.parts.names, crews.map((crew) =>
      el(isStale(crew) && crew.state !== "off_duty" ? "button.chip.stale" : "button.chip", {
        type: "button",
        title: isStale(crew) ? _("position too old") : "",
        onclick: () => select("crew", crew.id),
      }, crew.name)));
  }
}
