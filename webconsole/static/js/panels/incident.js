// One incident: what it is, who is on it, who else could come, what happened so far.
import { decide, withdraw } from "../actions.js";
import { newKey } from "../api.js";
import { now, secondsSince } from "../clock.js";
import { el, fill, keyed, text } from "../dom.js";
import { clock, coordinates, timer, travelTime } from "../format.js";
import { _ } from "../i18n.js";
import { incidentMark } from "../map/glyphs.js";
import { liveAssignments, on, select, setDraft, state } from "../store.js";
import { assignmentState, declineWord, incidentState, incidentTitle, priorityWord, resultWord } from "../words.js";
import { CandidatesPanel } from "./candidates.js";
import { Timeline } from "./timeline.js";

const ENDED = ["closed", "cancelled", "merged"];
const STEPS = [
  ["offered_at", () => _("sent")],
  ["accepted_at", () => _("accepted")],
  ["departed_at", () => _("departed")],
  ["arrived_at", () => _("on scene")],
  ["completed_at", () => _("completed")],
];

export class IncidentPanel {
  constructor(incidentId) {
    this.id = incidentId;
    this.parts = [];
    this.candidates = null;
    this.another = false;
    this.timeline = new Timeline(incidentId);
    this.node = this.#build();
    this.stops = [on("incidents", () => this.draw()), on("tick", () => this.#timers())];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
    this.candidates?.close();
    this.timeline.close();
  }

  focus() {
    this.heading.focus();
  }

  #build() {
    this.heading = el("h2", { tabindex: "-1" });
    this.facts = el("div.facts-line");
    this.timer = el("time.timer");
    this.details = el("dl.details");
    this.assignments = el("ul.assignments");
    this.past = el("ul.assignments.past");
    this.slot = el("div.slot");
    this.decisions = el("div.decisions");
    return el(
      "section.panel.incident-panel",
      {},
      el("header.panel-head", {}, el("div", {}, this.heading, this.facts),
        el("button.quiet.icon", { type: "button", "aria-label": _("Close this panel"), title: "Esc", onclick: () => select(null) }, "×")),
      el("div.scroll", {}, this.details, this.assignments, this.slot, this.past, this.timeline.node),
      this.decisions,
    );
  }

  draw() {
    const incident = state.incidents.get(this.id);
    if (!incident) {
      text(this.heading, `#${this.id}`);
      fill(this.facts, _("Loading…"));
      return;
    }
    if (this.shownVersion === incident.version) return;
    this.shownVersion = incident.version;
    text(this.heading, incidentTitle(incident));
    fill(
      this.facts,
      el(`span.priority.p-${incident.priority}`, {}, `P${incident.priority}`),
      el("span", {}, priorityWord(incident.priority)),
      el("span.state-word", {}, incidentMark(incident.state), incidentState(incident.state)),
      this.timer,
    );
    this.#drawDetails(incident);
    this.#drawAssignments(incident);
    this.#drawCandidates(incident);
    this.#drawDecisions(incident);
    this.#timers();
  }

  #drawDetails(incident) {
    const row = (label, value) => (value ? [el("dt", {}, label), el("dd", {}, value)] : []);
    const phone = incident.caller_phone ? el("span.tel", {}, incident.caller_phone) : null;
    const caller = incident.caller_name || phone ? [incident.caller_name, incident.caller_name && phone ? " · " : "", phone].filter(Boolean) : null;
    fill(
      this.details,
      row(_("Address"), incident.address || coordinates(incident.lon, incident.lat)),
      row(_("Description"), incident.description),
      caller ? [el("dt", {}, _("Caller")), el("dd", {}, caller)] : [],
      row(_("Reported"), clock(incident.reported_at)),
      incident.outcome_reason ? row(_("Reason"), incident.outcome_reason) : [],
    );
  }

  #drawAssignments(incident) {
    const live = liveAssignments(incident);
    const ids = new Set(live.map((assignment) => assignment.id));
    const past = incident.assignments.filter((assignment) => !ids.has(assignment.id)).reverse();
    const rows = { key: (a) => a.id, create: (a) => this.#assignmentRow(a), update: (row, a) => this.#updateAssignment(row, a) };
    keyed(this.assignments, live, rows);
    keyed(this.past, past, rows);
    this.assignments.hidden = live.length === 0;
    this.past.hidden = past.length === 0;
  }

  #assignmentRow(assignment) {
    const parts = {
      name: el("button.name", { type: "button", onclick: () => select("crew", assignment.crew_id) }, assignment.crew_name),
      state: el("span.state"),
      eta: el("span.eta"),
      steps: el("ol.steps"),
      note: el("div.why"),
      back: el("button.secondary.small", { type: "button", onclick: () => this.#ask(_("Why is %(crew)s called back?", { crew: assignment.crew_name }), _("Call back"), (reason) => withdraw(row.assignment, reason)) }, _("Call back")),
    };
    const row = el("li.assignment", { data: { assignmentId: assignment.id } },
      el("div.line", {}, el("div", {}, parts.name, parts.state), parts.back), parts.eta, parts.steps, parts.note);
    row.parts = parts;
    return row;
  }

  #updateAssignment(row, assignment) {
    row.assignment = assignment;
    const { parts } = row;
    const live = !assignment.ended_at && !["completed", "declined", "expired", "withdrawn"].includes(assignment.state);
    row.className = `assignment a-${assignment.state}`;
    const behind = live && assignment.rank > 0 ? _("after %(n)s other", { n: assignment.rank }) : "";
    text(parts.state, [assignmentState(assignment.state), behind].filter(Boolean).join(" · "));
    fill(parts.steps, STEPS.filter(([field]) => assignment[field]).map(([field, word]) => el("li", {}, el("time", {}, clock(assignment[field])), " ", word())));
    parts.back.hidden = !live;
    const note = [
      assignment.result ? resultWord(assignment.result) : "",
      assignment.reason ? declineWord(assignment.reason) : "",
      assignment.sent_by ? _("sent by %(who)s", { who: assignment.sent_by }) : "",
    ];
    text(parts.note, note.filter(Boolean).join(" · "));
    parts.eta.hidden = !live || assignment.state === "on_scene" || !assignment.eta_at;
  }

  #drawCandidates(incident) {
    const over = ENDED.includes(incident.state);
    const wanted = !over && (incident.state !== "resolved" || this.another);
    if (incident.state !== "resolved") this.another = false;
    if (wanted && !this.candidates) {
      this.candidates = new CandidatesPanel(this.id);
      fill(this.slot, this.candidates.node);
    } else if (!wanted && this.candidates) {
      this.candidates.close();
      this.candidates = null;
      fill(this.slot);
    }
    if (incident.state === "resolved" && !wanted) {
      fill(this.slot, el("button.secondary.another", { type: "button", onclick: () => this.#sendAnother(incident) }, _("Send another crew")));
    } else if (over) fill(this.slot);
  }

  #sendAnother(incident) {
    this.another = true;
    this.#drawCandidates(incident);
  }

  #drawDecisions(incident) {
    const button = (label, act, look = "secondary") => el(`button.${look}`, { type: "button", onclick: act }, label);
    const title = incidentTitle(incident);
    if (ENDED.includes(incident.state)) {
      fill(this.decisions, button(_("Reopen"), () => this.#ask(_("Why is %(incident)s reopened?", { incident: title }), _("Reopen"), (reason, key) => decide(incident, "reopen", reason, key))));
      return;
    }
    fill(
      this.decisions,
      button(_("Close incident"), () => this.#ask(_("How did %(incident)s end?", { incident: title }), _("Close incident"), (reason, key) => decide(incident, "close", reason, key)), incident.state === "resolved" ? "primary" : "secondary"),
      button(_("Cancel incident"), () => this.#ask(_("Why is %(incident)s cancelled?", { incident: title }), _("Cancel incident"), (reason, key) => decide(incident, "cancel", reason, key))),
      button(_("Change details"), () => this.#edit(incident)),
    );
  }

  #edit(incident) {
    setDraft({ lon: incident.lon, lat: incident.lat });
    select("edit", incident.id);
  }

  /** Ask for a reason in place, where the buttons were. */
  #ask(question, label, act) {
    const key = newKey();
    const input = el("input", { id: "reason", maxlength: "1000", autocomplete: "off", required: true });
    const back = () => {
      this.shownVersion = null;
      this.draw();
    };
    const form = el(
      "form.ask",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          go.disabled = true;
          await act(input.value.trim(), key);
          back();
        },
        onkeydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          back();
        },
      },
      el("label", { for: "reason" }, question),
      input,
    );
    const go = el("button.primary", { type: "submit" }, label);
    form.append(el("div.form-actions", {}, go, el("button.quiet", { type: "button", onclick: back }, _("Leave it"))));
    fill(this.decisions, form);
    input.focus();
  }

  #timers() {
    const incident = state.incidents.get(this.id);
    if (!incident) return;
    const end = incident.state === "resolved" || ENDED.includes(incident.state) ? incident.closed_at ?? incident.updated_at : null;
    text(this.timer, timer(end ? (Date.parse(end) - Date.parse(incident.reported_at)) / 1000 : secondsSince(incident.reported_at)));
    for (const row of this.assignments.children) {
      const { eta_at, state: at } = row.assignment;
      if (!eta_at || at === "on_scene") continue;
      const left = (Date.parse(eta_at) - now()) / 1000;
      const late = secondsSince(eta_at);
      text(row.parts.eta, late > 0
        ? _("expected at %(time)s, %(age)s ago", { time: clock(eta_at, { seconds: false }), age: travelTime(late) })
        : _("expected at %(time)s, in %(left)s", { time: clock(eta_at, { seconds: false }), left: travelTime(left) }));
      row.parts.eta.classList.toggle("late", late > 60);
    }
  }
}
