// Rows of the candidates: what each shows, sending it, holding its path for comparison.
import { now, secondsSince } from "../core/clock.js";
import { el, fill, keyed, svg, text } from "../core/dom.js";
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { crewState, drivenLabel } from "../core/labels.js";
import { compareCrew, hoverCrew, select, state } from "../core/store.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { drawReach, reachBadge } from "../reach/reach_badge.js";
import { arrivalLabel, distanceLabel, isBusy, isForbidden, verdictLabel } from "./candidate_labels.js";
import { send } from "./send.js";

const AIM_MS = 15000; // a pointer that was left lying aims at nothing
const compareIcon = () => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
  svg("path", { d: "M2 5h9M8.5 2 11.5 5 8.5 8M14 11H5M7.5 8 4.5 11l3 3", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));

export class CandidateRows {
  /**
   * `answer()`: what the rows were made of; `reason()`: what stands in the field below the list;
   * `sent()`: an order went out.
   */
  constructor(incidentId, { redraw, answer, reason, sent }) {
    this.incidentId = incidentId;
    this.redraw = redraw;
    this.answer = answer;
    this.reason = reason;
    this.sent = sent;
    this.sending = new Set();
    this.place = new Map();
    this.movedMs = -Infinity;
  }

  /** Whether a hand may be about to press a row: then rows keep their places. */
  get aiming() {
    return performance.now() - this.movedMs < AIM_MS;
  }

  listen(node) {
    node.addEventListener("pointermove", () => (this.movedMs = performance.now()), { passive: true });
    node.addEventListener("pointerleave", () => {
      this.movedMs = -Infinity;
      hoverCrew(null);
      this.redraw();
    });
    node.addEventListener("keydown", (event) => this.#keys(event, node));
  }

  /** Arrows walk from crew to crew; "c" holds the one they are on. */
  #keys(event, node) {
    const row = event.target.closest?.(".candidate");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "c") compareCrew(state.compareCrewId === row.candidate.crew_id ? null : row.candidate.crew_id);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const rows = [...node.querySelectorAll(".candidate")].filter((each) => each.offsetParent);
      rows[rows.indexOf(row) + (event.key === "ArrowDown" ? 1 : -1)]?.parts.name.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** In which list a row stands: where it belongs, or where it is while somebody aims. */
  standsAmong(candidate, list, belongs, frozen) {
    return frozen && this.place.has(candidate.crew_id) ? this.place.get(candidate.crew_id) === list : belongs;
  }

  draw(list, candidates, name, frozen) {
    for (const { crew_id } of candidates) this.place.set(crew_id, name);
    keyed(list, candidates, { key: (c) => c.crew_id, create: (c) => this.#row(c), update: (row, c) => this.#update(row, c), frozen });
  }

  #row(candidate) {
    const id = candidate.crew_id;
    const parts = {
      glyph: el("span.mark"),
      name: el("button.name", { type: "button", onclick: () => select("crew", id) }),
      facts: el("div.facts"),
      why: el("div.why"),
      reach: reachBadge(candidate.reachable),
      hold: el("button.quiet.icon.hold", { type: "button", title: _("Keep this route on the map and compare (c)"), onclick: () => compareCrew(state.compareCrewId === id ? null : id) }, compareIcon()),
      send: el("button.send", { type: "button" }),
    };
    const row = el("li.candidate", { data: { crewId: id } }, parts.glyph, el("div.body", {}, el("div.line", {}, parts.name, parts.reach), parts.facts, parts.why), parts.hold, parts.send);
    parts.send.addEventListener("click", () => this.#send(row));
    for (const start of ["pointerenter", "focusin"]) row.addEventListener(start, () => hoverCrew(id));
    row.addEventListener("focusout", () => hoverCrew(null));
    row.parts = parts;
    return row;
  }

  #update(row, candidate) {
    row.candidate = candidate;
    const { parts } = row;
    const crew = state.crews.get(candidate.crew_id);
    const stale = candidate.reasons.includes("stale_fix");
    const look = `${crew?.state ?? ""}|${stale}`;
    if (parts.glyph.dataset.look !== look) {
      parts.glyph.dataset.look = look;
      fill(parts.glyph, crewGlyph(crew?.state ?? "idle", { stale }));
    }
    parts.glyph.title = crew ? crewState(crew.state) : "";
    text(parts.name, candidate.crew_name);
    const held = state.compareCrewId === candidate.crew_id;
    row.className = `candidate ${candidate.verdict}${candidate.outside_radius ? " outside" : ""}${held ? " held" : ""}`;
    text(parts.why, verdictLabel(candidate, crew));
    parts.hold.setAttribute("aria-pressed", String(held));
    parts.hold.setAttribute("aria-label", _("Compare %(crew)s", { crew: candidate.crew_name }));
    parts.send.hidden = isForbidden(candidate);
    const sending = this.sending.has(candidate.crew_id);
    parts.send.disabled = sending;
    text(parts.send, sending ? _("Sending…") : this.#label(candidate));
    parts.send.title = isBusy(candidate) ? _("Goes here after the present order") : "";
    parts.send.setAttribute("aria-label", isBusy(candidate) ? _("Queue %(crew)s", { crew: candidate.crew_name }) : _("Send %(crew)s", { crew: candidate.crew_name }));
    parts.send.classList.toggle("primary", candidate.verdict === "recommended");
  }

  #label(candidate) {
    if (candidate.verdict === "excluded") return _("Send anyway");
    return isBusy(candidate) ? _("Queue") : _("Send");
  }

  async #send({ candidate }) {
    const incident = state.incidents.get(this.incidentId);
    const answer = this.answer();
    if (!incident || this.sending.has(candidate.crew_id)) return;
    this.sending.add(candidate.crew_id);
    this.redraw();
    try {
      const sent = await send(incident, { id: candidate.crew_id, name: candidate.crew_name }, {
        expectedVersion: answer?.incident_version,
        queue: isBusy(candidate),
        radiusM: answer?.radius_m,
        reason: candidate.verdict === "recommended" ? "" : this.reason(),
      });
      if (sent) this.sent();
    } finally {
      this.sending.delete(candidate.crew_id);
      this.redraw();
    }
  }

  /** Write what ages in each row; `computedAt` is when the server said the rest. */
  ages(lists, computedAt) {
    const olderS = (now() - Date.parse(computedAt)) / 1000;
    for (const row of lists.flatMap((list) => [...list.children])) {
      const { candidate } = row;
      const crew = state.crews.get(candidate.crew_id);
      drawReach(row.parts.reach, crew?.reachable ?? candidate.reachable);
      text(row.parts.why, verdictLabel(candidate, crew));
      this.#write(row.parts.facts, this.#facts(candidate, candidate.fix_age_s === null ? null : candidate.fix_age_s + olderS));
    }
  }

  /** Facts break between one another, never inside: "fix 1" and "s" on two lines is not one figure. */
  #write(node, facts) {
    const look = facts.join("|");
    if (node.dataset.look === look) return;
    node.dataset.look = look;
    fill(node, facts.flatMap((fact, index) => [index ? " · " : "", el("span.fact", {}, fact)]));
  }

  #facts(candidate, fixAge) {
    const known = state.crews.get(candidate.crew_id)?.fixed_at;
    const fix = known ? Math.min(fixAge ?? Infinity, secondsSince(known)) : fixAge;
    const facts = [];
    const here = candidate.reasons.includes("already_assigned"); // its arrival stands with its order
    if (!here) facts.push(arrivalLabel(candidate), ...drivenLabel(candidate));
    facts.push(distanceLabel(candidate));
    const waiting = (candidate.workload.active ?? 0) + (candidate.workload.queued ?? 0);
    if (waiting && !here) facts.push(_("%(n)s waiting", { n: waiting }));
    facts.push(fix === null || !Number.isFinite(fix) ? _("no fix") : _("fix %(age)s", { age: age(fix) }));
    return facts;
  }
}
