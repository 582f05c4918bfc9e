// Rows of the candidates: what each shows, sending it, holding its path for comparison.
import { boot } from "../core/boot.js";
import { now, secondsSince } from "../core/clock.js";
import { arrange, el, fill, keyed, svg, text } from "../core/dom.js";
import { age } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { crewState, drivenLabel, skillLabel } from "../core/labels.js";
import { compareCrew, hoverCrew, select, state } from "../core/store.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { drawReach, reachBadge } from "../reach/reach_badge.js";
import { arrivalLabel, distanceLabel, isBusy, isForbidden, skillChips, verdictLabel } from "./candidate_labels.js";
import { candidateActs, candidateNotes } from "./candidate_notes.js";
import { isParked, placeWords } from "../crews/crew_place.js";
import { send } from "./send.js";

// From this age on a position is worth a word; trackers report every few seconds.
const OLD_FIX_S = Math.min(60, (boot.stale_fix_s ?? 120) / 2);
const SKILL_SIGN = { has: "✓", lacks: "✗", unknown: "?" };
const SKILL_TITLE = { has: () => _("has the skill"), lacks: () => _("lacks the skill"), unknown: () => _("its skills are not recorded") };
const compareIcon = () => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" },
  svg("path", { d: "M2 5h9M8.5 2 11.5 5 8.5 8M14 11H5M7.5 8 4.5 11l3 3", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));

export class CandidateRows {
  /**
   * `answer()`: what the rows were made of; `reason()`: what stands in the field below the list;
   * `replaced()`: the order that a crew sent now would replace, or null, and `replacesFirst(order)`
   * whether that is meant first; `sent()`: an order went out.
   */
  constructor(incidentId, { redraw, answer, reason, replaced, replacesFirst, sent }) {
    this.incidentId = incidentId;
    this.redraw = redraw;
    this.answer = answer;
    this.reason = reason;
    this.replaced = replaced;
    this.replacesFirst = replacesFirst;
    this.sent = sent;
    this.sending = new Set();
    this.place = new Map();
  }

  listen(node) {
    node.addEventListener("pointerleave", () => hoverCrew(null));
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
      arrival: el("div.arrival"),
      glyph: el("span.mark"),
      name: el("button.name", { type: "button", onclick: () => select("crew", id) }),
      skills: el("span.skills"),
      facts: el("div.facts"),
      why: el("div.why"),
      notes: el("div.notes-line"),
      others: candidateActs().map((each) => ({ each, button: el("button.secondary.small", { type: "button", onclick: () => this.#do(row, each) }) })),
      reach: reachBadge(candidate.reachable),
      hold: el("button.quiet.icon.hold", { type: "button", title: _("Keep this route on the map and compare (c)"), onclick: () => compareCrew(state.compareCrewId === id ? null : id) }, compareIcon()),
      replace: el("button.replace", { type: "button", onclick: () => this.#send(row, this.replaced()) }),
      send: el("button.send", { type: "button", onclick: () => this.#send(row) }),
      acts: el("div.acts"),
    };
    parts.acts.append(parts.send, parts.replace);
    const others = el("div.others", {}, parts.others.map(({ button }) => button));
    const row = el("li.candidate", { data: { crewId: id } }, el("div.soon", {}, parts.arrival, parts.hold),
      el("div.body", {}, el("div.head", {}, el("span.named", {}, parts.glyph, parts.name), parts.skills, parts.reach), parts.facts, parts.why, parts.notes, others), parts.acts);
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
    // Of a crew that is sent already the arrival stands with its order.
    text(parts.arrival, candidate.reasons.includes("already_assigned") ? "" : arrivalLabel(candidate));
    parts.arrival.classList.toggle("unknown", candidate.travel_time_s === null);
    this.#sayReasons(parts, candidate, crew);
    const held = state.compareCrewId === candidate.crew_id;
    row.className = `candidate ${candidate.verdict}${candidate.outside_radius ? " outside" : ""}${held ? " held" : ""}`;
    parts.hold.setAttribute("aria-pressed", String(held));
    parts.hold.setAttribute("aria-label", _("Compare %(crew)s", { crew: candidate.crew_name }));
    this.#sayActs(parts, candidate);
    this.#sayOthers(parts, candidate);
  }

  /** What other rooms say and offer. */
  #sayOthers({ notes, others }, candidate) {
    const incident = state.incidents.get(this.incidentId);
    const said = incident ? candidateNotes(candidate, incident) : [];
    const look = said.map((note) => `${note.look ?? ""}${note.text}`).join("|");
    if (notes.dataset.look !== look) {
      notes.dataset.look = look;
      fill(notes, said.map((note) => el(`span.note${note.look ? `.${note.look}` : ""}`, {}, note.text)));
    }
    for (const { each, button } of others) {
      const label = incident ? each.label(candidate, incident) : null;
      button.hidden = !label;
      text(button, label ?? "");
      button.title = label ? each.title?.(candidate, incident) ?? "" : "";
    }
  }

  async #do({ candidate }, { act }) {
    const incident = state.incidents.get(this.incidentId);
    if (incident) await act(candidate, incident);
    this.redraw();
  }

  #sayReasons({ skills, why }, candidate, crew) {
    const found = skillChips(candidate, state.incidents.get(this.incidentId), crew);
    const look = found.map(({ code, has }) => `${code}${has}`).join();
    if (skills.dataset.look !== look) {
      skills.dataset.look = look;
      fill(skills, found.map(({ code, has }) => el(`span.skill.${has}`, { title: SKILL_TITLE[has]() }, `${SKILL_SIGN[has]} ${skillLabel(code)}`)));
    }
    text(why, verdictLabel(candidate, crew, { short: true }));
  }

  /** What is meant first stands on top: to replace a crew that does not answer, else to send. */
  #sayActs({ acts, send: go, replace }, candidate) {
    const sending = this.sending.has(candidate.crew_id);
    const order = isForbidden(candidate) ? null : this.replaced();
    const first = order && this.replacesFirst(order) ? replace : go;
    go.hidden = isForbidden(candidate);
    replace.hidden = order === null;
    for (const button of [go, replace]) {
      button.disabled = sending;
      button.title = isBusy(candidate) ? _("Goes here after the present order") : "";
      button.classList.toggle("first", button === first);
      button.classList.toggle("primary", button === first && candidate.verdict === "recommended");
      button.classList.toggle("secondary", !button.classList.contains("primary"));
      button.classList.toggle("small", button !== first);
    }
    text(go, sending ? _("Sending…") : this.#label(candidate, order));
    go.setAttribute("aria-label", isBusy(candidate) ? _("Queue %(crew)s", { crew: candidate.crew_name }) : _("Send %(crew)s", { crew: candidate.crew_name }));
    if (order) {
      text(replace, _("Replace %(crew)s", { crew: order.crew_name }));
      replace.setAttribute("aria-label", _("Replace %(other)s by %(crew)s", { other: order.crew_name, crew: candidate.crew_name }));
    }
    arrange(acts, first === replace ? [replace, go] : [go, replace]);
  }

  #label(candidate, order) {
    if (candidate.verdict === "excluded") return _("Send anyway");
    if (isBusy(candidate)) return _("Queue");
    return order ? _("Send too") : _("Send");
  }

  async #send({ candidate }, replaces = null) {
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
        replaces,
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
      text(row.parts.why, verdictLabel(candidate, crew, { short: true }));
      this.#sayOthers(row.parts, candidate);
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
    const crew = state.crews.get(candidate.crew_id);
    const known = crew?.fixed_at;
    const fix = known ? Math.min(fixAge ?? Infinity, secondsSince(known)) : fixAge;
    const facts = [...(candidate.reasons.includes("already_assigned") ? [] : drivenLabel(candidate)), distanceLabel(candidate)];
    const waiting = (candidate.workload.active ?? 0) + (candidate.workload.queued ?? 0);
    if (waiting) facts.push(_("%(n)s waiting", { n: waiting }));
    if (crew && isParked(crew)) facts.push(placeWords(crew));
    else if (fix === null || !Number.isFinite(fix)) facts.push(_("no fix"));
    else if (fix >= OLD_FIX_S) facts.push(_("fix %(age)s", { age: age(fix) }));
    return facts;
  }
}
