// Who can come, and when. Rows are updated where they are; they change places only when the
// pointer is elsewhere.
import { ApiError, get } from "../api.js";
import { send } from "../actions.js";
import { now, secondsSince } from "../clock.js";
import { el, fill, keyed, text } from "../dom.js";
import { age, clock, distance, duration, travelTime } from "../format.js";
import { _ } from "../i18n.js";
import { crewGlyph } from "../map/glyphs.js";
import { hoverCrew, on, select, setRadius, state } from "../store.js";
import { crewState, reasonWord } from "../words.js";

const REFRESH_MS = 10000;
const PRESETS_M = [1000, 2000, 5000, 10000, 20000];
const RADIUS_M = { min: 100, max: 100000 };
// What the server would refuse whoever asks; anything else the dispatcher may overrule.
const FORBIDDEN = ["off_duty", "on_break", "already_assigned"];
const VERDICT_ORDER = { recommended: 0, possible: 1, excluded: 2 };

export class CandidatesPanel {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.answer = null;
    this.failed = null;
    this.sending = new Set();
    this.pointerInside = false;
    this.showExcluded = false;
    this.node = this.#build();
    this.stops = [
      on("tick", () => this.#tick()),
      on("radius", () => this.refresh()),
      on("refresh-candidates", () => this.refresh()),
      on("roads", () => this.refresh()),
      on("event", (event) => this.#heard(event)),
    ];
    this.refresh();
  }

  close() {
    for (const stop of this.stops) stop();
    this.abort?.abort();
    clearTimeout(this.soon);
    hoverCrew(null);
  }

  #build() {
    this.radius = el("input.radius-input", {
      id: "radius-km", type: "number", min: "0.1", max: "100", step: "0.1", inputmode: "decimal", value: String(state.radiusM / 1000),
      onchange: () => this.#takeRadius(Number(this.radius.value) * 1000),
    });
    this.presets = el("div.presets", { role: "group", "aria-label": _("Radius") },
      PRESETS_M.map((metres) => el("button.preset", { type: "button", data: { metres }, onclick: () => this.#takeRadius(metres) }, String(metres / 1000))));
    this.status = el("div.status", { role: "status" });
    this.note = el("p.outside-note");
    this.list = el("ul.candidates", { "aria-label": _("Candidates") });
    this.excludedButton = el("button.quiet.fold", { type: "button", hidden: true, "aria-expanded": "false", onclick: () => this.#fold() });
    this.excluded = el("ul.candidates.excluded", { hidden: true });
    this.reason = el("input", { id: "send-reason", maxlength: "1000", autocomplete: "off" });
    this.reasonField = el("div.field.send-reason", { hidden: true }, el("label", { for: "send-reason" }, _("Why not the recommended crew (optional)")), this.reason);
    const node = el(
      "section.candidates-panel",
      {},
      el("header.section-head", {}, el("h3", {}, _("Candidates")), this.status),
      el("div.radius-row", {}, el("label", { for: "radius-km" }, _("Within")), this.radius, el("span", {}, _("km")), this.presets),
      this.note,
      this.list,
      this.excludedButton,
      this.excluded,
      this.reasonField,
    );
    for (const list of [this.list, this.excluded]) {
      list.addEventListener("pointerenter", () => (this.pointerInside = true));
      list.addEventListener("pointerleave", () => {
        this.pointerInside = false;
        hoverCrew(null);
        this.draw();
      });
    }
    return node;
  }

  #fold() {
    this.showExcluded = !this.showExcluded;
    this.draw();
  }

  #takeRadius(metres) {
    if (!Number.isFinite(metres)) return;
    const wanted = Math.round(Math.min(RADIUS_M.max, Math.max(RADIUS_M.min, metres)));
    this.radius.value = String(wanted / 1000);
    if (wanted !== state.radiusM) setRadius(wanted);
  }

  /** Something happened that may change who can come: ask again, but not for each of a burst. */
  #heard(event) {
    if (event.incident_id !== this.incidentId && !event.crew_id) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.refresh(), 250);
  }

  async refresh() {
    clearTimeout(this.soon);
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.askedMs = performance.now();
    try {
      const answer = await get(`/incidents/${this.incidentId}/candidates?radius_m=${state.radiusM}`, { signal: abort.signal });
      if (abort !== this.abort) return;
      this.answer = answer;
      this.failed = null;
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
    if (performance.now() - this.askedMs > REFRESH_MS) this.refresh();
    this.#ages();
  }

  draw() {
    for (const preset of this.presets.children) {
      preset.classList.toggle("picked", Number(preset.dataset.metres) === state.radiusM);
    }
    if (!this.answer) {
      fill(this.note, this.failed ? this.failed.message : _("Looking for crews…"));
      this.note.hidden = false;
      this.#ages();
      return;
    }
    const order = [...this.answer.candidates].sort((a, b) => VERDICT_ORDER[a.verdict] - VERDICT_ORDER[b.verdict]);
    const able = order.filter((candidate) => candidate.verdict !== "excluded");
    const unable = order.filter((candidate) => candidate.verdict === "excluded");
    const rows = { key: (c) => c.crew_id, create: (c) => this.#row(c), update: (row, c) => this.#update(row, c), frozen: this.pointerInside };
    keyed(this.list, able, rows);
    keyed(this.excluded, unable, rows);
    this.reasonField.hidden = !order.some((candidate) => candidate.verdict === "recommended") || order.length < 2;
    this.#say(able, unable);
    this.#ages();
  }

  #say(able, unable) {
    const onlyOutside = this.answer.candidates.length > 0 && this.answer.candidates.every((c) => c.outside_radius);
    let sentence = "";
    if (!this.answer.candidates.length) sentence = _("No crew with a position is known. Crews appear when they go on duty.");
    else if (onlyOutside) sentence = _("No crew within the radius. These are the nearest outside it.");
    else if (!able.length) sentence = _("No crew within the radius can come. See why below, or widen the radius.");
    text(this.note, sentence);
    this.note.hidden = !sentence;
    this.excludedButton.hidden = unable.length === 0;
    const open = this.showExcluded || (able.length === 0 && unable.length > 0);
    text(this.excludedButton, _("Cannot come: %(n)s", { n: unable.length }));
    this.excludedButton.setAttribute("aria-expanded", String(open));
    this.excluded.hidden = !open;
  }

  #row(candidate) {
    const parts = {
      glyph: el("span.mark"),
      name: el("button.name", { type: "button", onclick: () => select("crew", candidate.crew_id) }),
      facts: el("div.facts"),
      why: el("div.why"),
      send: el("button.send", { type: "button" }),
    };
    const row = el("li.candidate", { data: { crewId: candidate.crew_id } }, parts.glyph, el("div.body", {}, el("div.line", {}, parts.name), parts.facts, parts.why), parts.send);
    parts.send.addEventListener("click", () => this.#send(row.candidate));
    for (const start of ["pointerenter", "focusin"]) row.addEventListener(start, () => hoverCrew(candidate.crew_id));
    row.addEventListener("focusout", () => hoverCrew(null));
    row.parts = parts;
    return row;
  }

  #update(row, candidate) {
    row.candidate = candidate;
    const { parts } = row;
    const crew = state.crews.get(candidate.crew_id);
    const look = `${crew?.state ?? ""}|${candidate.reasons.includes("stale_fix")}`;
    if (parts.glyph.dataset.look !== look) {
      parts.glyph.dataset.look = look;
      fill(parts.glyph, crewGlyph(crew?.state ?? "idle", { stale: candidate.reasons.includes("stale_fix") }));
    }
    parts.glyph.title = crew ? crewState(crew.state) : "";
    text(parts.name, candidate.crew_name);
    row.className = `candidate ${candidate.verdict}${candidate.outside_radius ? " outside" : ""}`;
    text(parts.why, this.#why(candidate, crew));
    parts.send.hidden = candidate.reasons.some((reason) => FORBIDDEN.includes(reason));
    const sending = this.sending.has(candidate.crew_id);
    parts.send.disabled = sending;
    text(parts.send, sending ? _("Sending…") : this.#label(candidate));
    parts.send.title = this.#busy(candidate) ? _("Goes here after the present order") : "";
    parts.send.setAttribute("aria-label", this.#busy(candidate) ? _("Queue %(crew)s", { crew: candidate.crew_name }) : _("Send %(crew)s", { crew: candidate.crew_name }));
    parts.send.classList.toggle("primary", candidate.verdict === "recommended");
  }

  #label(candidate) {
    if (candidate.verdict === "excluded") return _("Send anyway");
    return this.#busy(candidate) ? _("Queue") : _("Send");
  }

  #busy = (candidate) => candidate.workload.active > 0;

  #why(candidate, crew) {
    if (candidate.reasons.includes("already_assigned")) return reasonWord("already_assigned");
    const words = candidate.reasons.map((reason) =>
      reason === "busy" && candidate.free_in_s ? _("free in about %(time)s", { time: duration(candidate.free_in_s) }) : reasonWord(reason));
    if (candidate.verdict === "recommended") words.unshift(_("Recommended"));
    if (candidate.verdict === "possible" && crew && crew.state !== "idle") words.unshift(crewState(crew.state));
    return words.join(" · ");
  }

  async #send(candidate) {
    const incident = state.incidents.get(this.incidentId);
    if (!incident || this.sending.has(candidate.crew_id)) return;
    this.sending.add(candidate.crew_id);
    this.draw();
    try {
      const sent = await send(incident, { id: candidate.crew_id, name: candidate.crew_name }, {
        expectedVersion: this.answer.incident_version,
        queue: this.#busy(candidate),
        radiusM: this.answer.radius_m,
        reason: candidate.verdict === "recommended" ? "" : this.reason.value.trim(),
      });
      if (sent) this.reason.value = "";
    } finally {
      this.sending.delete(candidate.crew_id);
      this.draw();
    }
  }

  /** Everything that ages: fix ages, arrival, and the age of the answer itself. */
  #ages() {
    if (!this.answer) {
      text(this.status, "");
      return;
    }
    const old = secondsSince(this.answer.computed_at);
    this.status.classList.toggle("late", old > 30);
    text(this.status, this.failed ? _("not refreshed since %(time)s", { time: clock(this.answer.computed_at) }) : _("computed %(age)s ago", { age: age(old) }));
    const answeredMs = Date.parse(this.answer.computed_at);
    for (const row of [...this.list.children, ...this.excluded.children]) {
      const c = row.candidate;
      if (c) text(row.parts.facts, this.#facts(c, c.fix_age_s === null ? null : c.fix_age_s + (now() - answeredMs) / 1000));
    }
  }

  #facts(candidate, fixAge) {
    const known = state.crews.get(candidate.crew_id)?.fixed_at;
    const fix = known ? Math.min(fixAge ?? Infinity, secondsSince(known)) : fixAge;
    const facts = [];
    const seconds = candidate.travel_time_s === null ? null : (candidate.free_in_s ?? 0) + candidate.travel_time_s;
    const here = candidate.reasons.includes("already_assigned"); // its arrival stands with its order
    if (!here) facts.push(seconds === null ? _("no road time") : travelTime(seconds));
    facts.push(distance(candidate.distance_m));
    const waiting = (candidate.workload.active ?? 0) + (candidate.workload.queued ?? 0);
    if (waiting && !here) facts.push(_("%(n)s waiting", { n: waiting }));
    facts.push(fix === null || !Number.isFinite(fix) ? _("no fix") : _("fix %(age)s", { age: age(fix) }));
    return facts.join(" · ");
  }
}
