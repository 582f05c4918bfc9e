// Panel of a proposal: each incident with its crew and when it would be there, changed by hand, sent
// together. Rows keep their places whatever is chosen; what was not sent says why, in its row.
import { secondsSince } from "../core/clock.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { age, coordinates, duration, travelTime } from "../core/format.js";
import { _, isChinese, ngettext } from "../core/i18n.js";
import { incidentTitle, priorityLabel } from "../core/labels.js";
import { on, select, state } from "../core/store.js";
import { keepPlace } from "../widgets/scroll_anchor.js";
import { reasonLabel } from "../sending/candidate_labels.js";
import { crewOf, rowsToSend } from "./proposal_rows.js";
import { choose, hoverRow, proposal, propose, sendAll } from "./proposals.js";

const NOBODY = "";
// The server names states by their code; these are said in the words of the desk.
const REFUSED = {
  incident_changed: () => _("Changed meanwhile: propose anew"),
  incident_ended: () => _("This incident has already ended. Reopen it to send a crew."),
};
const OLD_S = 60;

/** Why an incident gets nobody, in words. */
function whyNobody({ why, against }) {
  if (why === "no_crew_left") return _("Nobody is left: all that can come are needed elsewhere");
  const reasons = Object.entries(against).map(([code, n]) => `${reasonLabel(code)} (${n})`);
  return reasons.length ? _("Nobody can come: %(why)s", { why: reasons.join(" · ") }) : _("Nobody can come");
}

const taskName = ({ name_en: english, name_zh: chinese }) => (isChinese() && chinese) || english;

const refusedWords = (fate) => fate && (REFUSED[fate.code]?.() ?? fate.detail);

function crewWords(crew) {
  const words = [crew.crew_name, travelTime(crew.arrival_s)];
  if (crew.busy) words.push(_("busy"));
  return words.join(" · ");
}

/** What should be known of the crew that is chosen. */
function crewNotes(crew) {
  const notes = [];
  if (crew.busy) notes.push(_("after its present order, free in about %(time)s", { time: duration(crew.free_in_s) }));
  if (!crew.reached) notes.push(_("an order does not ring there"));
  return notes;
}

export class ProposalPanel {
  constructor() {
    this.said = el("p.proposal-said", { role: "status" });
    this.aged = el("span.status");
    this.list = el("ul.proposal-rows", { "aria-label": _("Crews for the incidents that wait") });
    this.list.addEventListener("pointerleave", () => hoverRow(null));
    this.go = el("button.primary", { type: "button", onclick: sendAll });
    this.again = el("button.secondary", { type: "button", onclick: propose }, _("Propose anew"));
    this.scroll = el("div.scroll", {}, this.said, this.list);
    const place = keepPlace(this.scroll);
    this.node = el("section.panel.proposal-panel", {},
      el("header.panel-head", {}, el("h2", {}, _("Crews for all that wait")), this.aged,
        el("button.quiet.icon", { type: "button", "aria-label": _("Close"), title: _("Close"), onclick: () => select(null) }, "×")),
      this.scroll,
      el("div.panel-foot", {}, this.go, this.again));
    this.stops = [() => place.stop(), on("proposal", () => this.draw()), on("incidents", () => this.draw()), on("tick", () => this.#age())];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
    hoverRow(null);
  }

  draw() {
    const { id, rows, phase } = proposal();
    const shown = phase === "made" || phase === "sending" ? rows : [];
    keyed(this.list, shown, { key: (row) => `${id} ${row.row}`, create: (row) => this.#row(row), update: (node, row) => this.#update(node, row) });
    const n = rowsToSend(shown).length;
    text(this.said, this.#sentence(shown));
    text(this.go, phase === "sending" ? _("Sending…") : ngettext("Send %(n)s crew", "Send %(n)s crews", n));
    this.go.disabled = n === 0 || phase === "sending";
    this.again.disabled = phase === "asking" || phase === "sending";
    this.#age();
  }

  #sentence(rows) {
    const { phase, problem, crews } = proposal();
    if (phase === "asking") return _("Looking at all crews…");
    if (phase === "failed") return problem;
    if (!rows.length) return _("No incident waits for a crew.");
    const all = new Set(rows.map(({ incident_id }) => incident_id)).size;
    const served = new Set(rows.filter((row) => row.chosenId !== null).map(({ incident_id }) => incident_id)).size;
    const words = [_("%(served)s of %(n)s incidents get a crew (%(crews)s looked at).", { served, n: all, crews })];
    if (rows.some((row) => row.chosenId === null)) words.push(_("The most urgent come first."));
    return words.join(" ");
  }

  #age() {
    const { phase, madeAt } = proposal();
    const old = phase === "made" ? secondsSince(madeAt) : null;
    this.aged.classList.toggle("late", old > OLD_S);
    text(this.aged, old === null ? "" : _("computed %(age)s ago", { age: age(old) }));
  }

  #row(row) {
    const { row: number, incident_id: id } = row;
    const title = incidentTitle({ id, kind: row.kind });
    const whole = row.task ? `${title}, ${taskName(row.task)}` : title;
    const parts = {
      arrival: el("div.arrival"),
      title: el("button.name", { type: "button", onclick: () => select("incident", id) }, title),
      crew: el("select", { "aria-label": _("Crew for %(incident)s", { incident: whole }), onchange: () => choose(number, parts.crew.value === NOBODY ? null : Number(parts.crew.value)) }),
      notes: el("div.proposal-notes"),
      fate: el("div.proposal-fate", { role: "status" }),
    };
    const place = row.address || coordinates(row.lon, row.lat);
    const node = el("li.proposal-row", { data: { incidentId: id } }, parts.arrival,
      el("div.body", {},
        el("div.head", {}, el(`span.priority.p-${row.priority}`, { title: priorityLabel(row.priority) }, `P${row.priority}`), parts.title),
        el("div.place", { title: place }, place), row.task ? el("div.task", {}, taskName(row.task)) : null, parts.crew, parts.notes, parts.fate));
    for (const start of ["pointerenter", "focusin"]) node.addEventListener(start, () => hoverRow(number));
    node.parts = parts;
    return node;
  }

  #update(node, row) {
    const { parts } = node;
    const crew = crewOf(row);
    const sent = Boolean(row.fate?.sent);
    const look = JSON.stringify(row.crews.map(({ crew_id, arrival_s }) => [crew_id, arrival_s]));
    if (parts.crew.dataset.look !== look) {
      parts.crew.dataset.look = look;
      fill(parts.crew, el("option", { value: NOBODY }, _("Nobody, leave it waiting")), row.crews.map((each) => el("option", { value: String(each.crew_id) }, crewWords(each))));
    }
    parts.crew.value = row.chosenId === null ? NOBODY : String(row.chosenId);
    parts.crew.disabled = sent || !row.crews.length;
    text(parts.arrival, crew ? travelTime(crew.arrival_s) : "—");
    fill(parts.notes, (crew ? crewNotes(crew) : row.crew ? [] : [whyNobody(row)]).map((words) => el("span", {}, words)));
    const changed = !sent && this.#changed(row);
    text(parts.fate, sent ? _("Order sent") : refusedWords(row.fate) ?? (changed ? _("Changed meanwhile: propose anew") : ""));
    for (const [name, on] of Object.entries({ sent, unserved: !crew, stale: !sent && (row.fate !== null || changed) })) node.classList.toggle(name, on);
  }

  /** Whether the incident is another by now than the one that a crew was looked for. */
  #changed(row) {
    const incident = state.incidents.get(row.incident_id);
    // Another crew of the same plan was sent from here: that is no news.
    const ours = proposal().rows.some((each) => each.incident_id === row.incident_id && each.fate?.sent);
    return Boolean(incident) && !ours && incident.version > row.incident_version;
  }
}
