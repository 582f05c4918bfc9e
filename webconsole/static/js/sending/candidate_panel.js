// Panel of candidates: which crews can come, and when. Requested again whenever that may have
// changed; rows are updated in place, and change places only when nobody is about to press one.
import { boot } from "../core/boot.js";
import { ApiError, get } from "../core/api.js";
import { secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { age, clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState } from "../core/labels.js";
import { hoverCrew, on, setCandidates, state } from "../core/store.js";
import { OfferBar } from "../offers/offer_bar.js";
import { aimingIn } from "../widgets/scroll_anchor.js";
import { CandidateRows } from "./candidate_rows.js";
import { replacesFirst, toReplace } from "./replacing.js";
import { readRadius, sayRadius, takeRadius } from "./radius.js";

const REFRESH_MS = 10000; // even when nothing is heard: times age
const EVENT_MS = 700; // a burst of news is one question
const MOVED_MS = 4000; // crews move each second; their minutes do not change as fast
const RADIUS_MS = 250; // the handle is dragged
const PRESETS_M = [1000, 2000, 5000, 10000, 20000];
const VERDICT_ORDER = { recommended: 0, possible: 1, excluded: 2 };

export class CandidatesPanel {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.answer = null;
    this.failed = null;
    this.showExcluded = false;
    this.askedMs = -Infinity;
    this.dueMs = Infinity;
    this.chosenId = null;
    this.rows = new CandidateRows(incidentId, {
      redraw: () => this.draw(),
      answer: () => this.answer,
      reason: () => this.reason.value.trim(),
      replaced: () => toReplace(state.incidents.get(incidentId), this.chosenId),
      replacesFirst: (order) => replacesFirst(order, this.chosenId),
      sent: () => (this.reason.value = ""),
    });
    this.node = this.#build();
    this.stops = [
      on("tick", () => this.#tick()),
      on("radius", () => this.#radiusChanged()),
      on("refresh-candidates", () => this.refresh()),
      on("roads", () => this.refresh()),
      on("event", (event) => (event.incident_id === this.incidentId || event.crew_id) && this.#soon(EVENT_MS)),
      on("positions", () => this.#anyMoved() && this.#soon(MOVED_MS)),
      on("compare", () => this.draw()),
      on("rested", () => this.answer && this.draw()),
    ];
    this.refresh();
  }

  close() {
    for (const stop of this.stops) stop();
    this.abort?.abort();
    this.abort = null;
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    hoverCrew(null);
    setCandidates(null);
  }

  /** Which order is meant to be replaced; null: the one that suggests itself. */
  replace(chosenId) {
    if (this.chosenId === chosenId) return;
    this.chosenId = chosenId;
    this.draw();
  }

  /** Give the keyboard the first crew's button as soon as there is one. */
  focusWhenReady() {
    this.wanted = true;
    this.draw();
  }

  #build() {
    this.radius = el("input.radius-input", {
      id: "radius", type: "text", inputmode: "decimal", autocomplete: "off", value: sayRadius(state.radiusM), maxlength: "12",
      onchange: () => this.#typed(),
      onfocus: () => this.radius.select(),
    });
    this.presets = el("div.presets", { role: "group", "aria-label": _("Radius in km") },
      PRESETS_M.map((metres) => el("button.preset", { type: "button", data: { metres }, onclick: () => takeRadius(metres) }, String(metres / 1000))));
    this.status = el("span.status", { role: "status" });
    this.offer = new OfferBar(this.incidentId);
    this.note = el("p.outside-note");
    this.instead = el("p.instead", { hidden: true });
    this.list = el("ul.candidates", { "aria-label": _("Candidates") });
    this.excludedButton = el("button.quiet.fold", { type: "button", hidden: true, "aria-expanded": "false", onclick: () => this.#fold() });
    this.excluded = el("ul.candidates.excluded", { hidden: true, "aria-label": _("Crews that cannot come") });
    this.reason = el("input", { id: "send-reason", maxlength: boot.limits.reason, autocomplete: "off" });
    this.reasonField = el("div.field.send-reason", { hidden: true }, el("label", { for: "send-reason" }, _("Why not the recommended crew (optional)")), this.reason);
    const node = el(
      "div.candidates-panel",
      {},
      el("div.radius-row", {}, el("label", { for: "radius" }, _("Within")), this.radius, this.presets),
      this.offer.node,
      this.note,
      this.instead,
      this.list,
      this.excludedButton,
      this.excluded,
      this.reasonField,
    );
    this.rows.listen(node);
    return node;
  }

  #fold() {
    this.showExcluded = !this.showExcluded;
    this.draw();
  }

  #typed() {
    const metres = readRadius(this.radius.value);
    if (metres !== null) takeRadius(metres);
    this.radius.value = sayRadius(state.radiusM);
  }

  #radiusChanged() {
    if (document.activeElement !== this.radius) this.radius.value = sayRadius(state.radiusM);
    this.#markPreset();
    // A preset is answered at once; while the handle is dragged only its rest is a question.
    const rested = performance.now() - (this.radiusMs ?? -Infinity) > RADIUS_MS;
    this.radiusMs = performance.now();
    clearTimeout(this.settling);
    if (rested) this.refresh();
    else this.settling = setTimeout(() => this.refresh(), RADIUS_MS);
  }

  /** Ask again, that long after the last question at the earliest, however much is heard meanwhile. */
  #soon(leastMs) {
    const dueMs = Math.max(performance.now() + 200, this.askedMs + leastMs);
    if (dueMs >= this.dueMs) return;
    clearTimeout(this.timer);
    this.dueMs = dueMs;
    this.timer = setTimeout(() => (document.hidden ? (this.dueMs = Infinity) : this.refresh()), dueMs - performance.now());
  }

  /** Whether a crew of the list is elsewhere than when the list was made. */
  #anyMoved() {
    return this.answer?.candidates.some(({ crew_id, lon, lat }) => {
      const crew = state.crews.get(crew_id);
      return crew && (Math.abs(crew.lon - lon) > 3e-4 || Math.abs(crew.lat - lat) > 2e-4); // some 25 m
    }) ?? false;
  }

  async refresh() {
    clearTimeout(this.timer);
    clearTimeout(this.settling);
    this.dueMs = Infinity;
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.askedMs = performance.now();
    try {
      const answer = await get(`/incidents/${this.incidentId}/candidates?radius_m=${state.radiusM}`, { signal: abort.signal });
      if (abort !== this.abort) return;
      this.answer = answer;
      this.failed = null;
      setCandidates(answer);
    } catch (error) {
      if (abort.signal.aborted && abort !== this.abort) return;
      if (!(error instanceof ApiError)) {
        if (error.name === "AbortError") return;
        throw error;
      }
      this.failed = error;
    }
    this.draw();
  }

  #tick() {
    if (performance.now() - this.askedMs > REFRESH_MS && !document.hidden) this.refresh();
    this.#ages();
  }

  #markPreset() {
    for (const preset of this.presets.children) {
      const picked = Number(preset.dataset.metres) === state.radiusM;
      preset.classList.toggle("picked", picked);
      preset.setAttribute("aria-pressed", String(picked));
    }
  }

  draw() {
    this.#markPreset();
    this.offer.draw(this.answer?.candidates ?? null);
    if (!this.answer) {
      fill(this.note, this.failed ? this.failed.message : _("Looking for crews…"));
      this.note.hidden = false;
      this.#ages();
      return;
    }
    const order = [...this.answer.candidates].sort((a, b) => VERDICT_ORDER[a.verdict] - VERDICT_ORDER[b.verdict]);
    const frozen = aimingIn(this.node);
    const able = order.filter((candidate) => this.rows.standsAmong(candidate, "able", candidate.verdict !== "excluded", frozen));
    const unable = order.filter((candidate) => !able.includes(candidate));
    this.rows.draw(this.list, able, "able", frozen);
    this.rows.draw(this.excluded, unable, "unable", frozen);
    this.reasonField.hidden = !order.some((candidate) => candidate.verdict === "recommended") || order.length < 2;
    this.#say(able, unable);
    this.#sayInstead();
    this.#ages();
    if (this.wanted) {
      this.wanted = false;
      this.list.querySelector("button.first")?.focus({ preventScroll: true });
    }
  }

  #sayInstead() {
    const order = toReplace(state.incidents.get(this.incidentId), this.chosenId);
    this.instead.hidden = order === null;
    if (order) text(this.instead, _("Replace recalls %(crew)s in the same step (%(state)s).", { crew: order.crew_name, state: assignmentState(order.state) }));
  }

  #say(able, unable) {
    const onlyOutside = this.answer.candidates.length > 0 && this.answer.candidates.every((c) => c.outside_radius);
    let sentence = "";
    if (!this.answer.candidates.length) sentence = _("No crew with a position is known. Crews appear when they go on duty.");
    else if (onlyOutside) sentence = _("No crew within the radius. These are the nearest outside it.");
    else if (!able.length) sentence = _("No crew within the radius can come. See why below, or widen the radius.");
    else if (this.answer.travel_times === "unavailable") sentence = _("Road times cannot be computed at the moment. You can send all the same: crews are listed by straight distance.");
    else if (this.answer.travel_times === "no_road_near") sentence = _("No road near the incident: crews are listed by straight distance.");
    text(this.note, sentence);
    this.note.hidden = !sentence;
    this.excludedButton.hidden = unable.length === 0;
    const open = this.showExcluded || (able.length === 0 && unable.length > 0);
    text(this.excludedButton, _("Cannot come: %(n)s", { n: unable.length }));
    this.excludedButton.setAttribute("aria-expanded", String(open));
    this.excluded.hidden = !open;
  }

  /** Everything that ages: fix ages, and the age of the answer itself. */
  #ages() {
    if (!this.answer) {
      text(this.status, "");
      return;
    }
    const old = secondsSince(this.answer.computed_at);
    this.status.classList.toggle("late", old > 30);
    text(this.status, this.failed ? _("not refreshed since %(time)s", { time: clock(this.answer.computed_at) }) : _("computed %(age)s ago", { age: age(old) }));
    this.rows.ages([this.list, this.excluded], this.answer.computed_at);
  }
}

