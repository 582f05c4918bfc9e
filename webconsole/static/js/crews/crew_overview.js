// Overview of all crews, shown on the right while nothing is selected; filtered and sorted at will.
import { STAGES, stageLabel } from "../assignments/progress.js";
import { closureState } from "../closures/closure_state.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { CREW_STATES, PRIORITIES, crewState, priorityLabel, skillLabel } from "../core/labels.js";
import { on, select, state } from "../core/store.js";
import { loadAll } from "../live/loading.js";
import { crewGlyph, incidentMark, priorityGlyph } from "../map/board/glyphs.js";
import { Fold } from "../widgets/fold.js";
import { CREW_GROUPINGS, CREW_SORTINGS, arrangedCrews, crewPasses, crewStateChoices, crewView, isNarrowed, setCrewView, showAllCrews } from "./crew_arrangement.js";
import { CrewRows } from "./crew_rows.js";

const REDRAW_MS = 700; // sorting a thousand crews at each word about one of them would be felt
const TYPING_MS = 120;

export class OverviewPanel {
  constructor() {
    this.rows = new CrewRows();
    this.note = el("p.empty");
    this.count = el("span.n");
    this.all = el("button.quiet.small", { type: "button", hidden: true, onclick: showAllCrews }, _("Show all"));
    this.closures = el("button.secondary.small.closures-summary", { type: "button", onclick: () => select("closures") });
    this.node = el(
      "section.panel.overview",
      {},
      el("header.panel-head", {}, el("h2", {}, _("Crews"), " ", this.count), this.all),
      this.#filters(),
      this.note,
      this.rows.scroll,
      el("footer.overview-foot", {}, this.#legend(), el("div.line", {}, el("h3", {}, _("Road closures")), this.closures)),
    );
    this.stops = [
      on("crews", () => this.#soon()),
      on("crew-view", () => this.draw({ settle: true })),
      on("closures", () => this.#countClosures()),
      on("tick", () => this.#tick()),
      () => this.rows.close(),
    ];
    this.draw();
    this.#countClosures();
  }

  close() {
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
  }

  #filters() {
    const choice = (name, label, options) =>
      el("select", { id: `crews-${name}`, "aria-label": label, title: label, onchange: (event) => setCrewView({ [name]: event.target.value }) },
        options.map(([value, word]) => el("option", { value }, word)));
    const skills = (boot.skills ?? []).filter(({ retired }) => !retired).map(({ code }) => code);
    const entries = (words) => Object.entries(words).map(([code, word]) => [code, word()]);
    this.text = el("input.filter-text", {
      type: "search", id: "crews-text", autocomplete: "off", placeholder: _("Filter the crews"), "aria-label": _("Filter the crews"), value: crewView.text,
      oninput: () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => setCrewView({ text: this.text.value }), TYPING_MS);
      },
      onkeydown: (event) => {
        if (event.key !== "Escape" || !this.text.value) return;
        event.stopPropagation();
        this.text.value = "";
        setCrewView({ text: "" });
      },
    });
    this.selects = {
      state: choice("state", _("State"), crewStateChoices()),
      skill: choice("skill", _("Skill"), [["", _("all")], ...skills.map((code) => [code, skillLabel(code)])]),
      station: choice("station", _("Station"), []),
      group: choice("group", _("Group by"), entries(CREW_GROUPINGS)),
      sort: choice("sort", _("Sort by"), entries(CREW_SORTINGS)),
    };
    const labelled = (name, word) => el("div.pick", {}, el("label", { for: `crews-${name}` }, word), this.selects[name]);
    return el("div.filter-bar.crew-filters", {}, this.text,
      el("div.picks", {}, labelled("state", _("State")), labelled("skill", _("Skill")), labelled("station", _("Station")), labelled("sort", _("Sort by")), labelled("group", _("Group by"))));
  }

  /** What the signs mean, folded away once it is known. */
  #legend() {
    const fold = new Fold({ id: "legend", title: _("Signs on the map"), open: false });
    fold.body.append(el("ul.legend", {},
      CREW_STATES.map((code) => el("li", {}, crewGlyph(code), crewState(code))),
      PRIORITIES.map((code) => el("li", {}, priorityGlyph(code), priorityLabel(code))),
      STAGES.map((code) => el("li", {}, incidentMark(code), stageLabel(code)))));
    return fold.node;
  }

  #soon() {
    if (performance.now() - (this.drawnMs ?? -Infinity) > REDRAW_MS) this.draw();
    else this.dirty = true;
  }

  #tick() {
    if (this.dirty) this.draw();
    else this.rows.tick();
    this.#countClosures();
  }

  draw({ settle = false } = {}) {
    this.dirty = false;
    this.drawnMs = performance.now();
    const crews = [...state.crews.values()];
    this.#drawFilters(crews);
    const shown = crews.filter((crew) => crewPasses(crew)).length;
    text(this.count, shown === crews.length ? String(shown) : _("%(shown)s of %(all)s", { shown, all: crews.length }));
    this.all.hidden = !isNarrowed();
    this.#say(crews.length, shown);
    this.rows.show(arrangedCrews(crews), { settle });
  }

  #drawFilters(crews) {
    const stations = new Map(crews.filter((crew) => crew.station_id).map((crew) => [String(crew.station_id), crew.station_name]));
    const look = [...stations].join();
    if (look !== this.stationLook) {
      this.stationLook = look;
      fill(this.selects.station, [["", _("all")], ...stations].map(([value, word]) => el("option", { value }, word)));
    }
    for (const [name, node] of Object.entries(this.selects)) if (node.value !== crewView[name]) node.value = crewView[name];
    if (document.activeElement !== this.text) this.text.value = crewView.text;
  }

  #say(all, shown) {
    const phase = all ? (shown ? "" : "filtered") : state.loading.crews;
    this.note.hidden = !phase;
    this.rows.scroll.hidden = Boolean(phase);
    if (this.note.dataset.phase === phase) return;
    this.note.dataset.phase = phase;
    if (phase === "loading") fill(this.note, _("Loading the crews…"));
    else if (phase === "failed") fill(this.note, _("The crews could not be loaded."), " ", el("button.secondary", { type: "button", onclick: loadAll }, _("Try again")));
    else if (phase === "filtered") fill(this.note, _("No crew passes the filters."));
    else fill(this.note, _("No crews are set up yet."), boot.permissions.includes("crew.write") ? [" ", el("a", { href: "/administration/crews" }, _("Add crews"))] : null);
  }

  #countClosures() {
    const states = [...state.closures.values()].map(closureState);
    const count = (code) => states.filter((each) => each === code).length;
    const words = [];
    if (count("active")) words.push(_("%(n)s active", { n: count("active") }));
    if (count("planned")) words.push(_("%(n)s planned", { n: count("planned") }));
    text(this.closures, words.join(" · ") || _("None; close roads…"));
  }
}
