// The assignments of an incident: which crews are coming and when, and which were sent before.
import { now, secondsSince } from "../core/clock.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { declineLabel } from "../core/labels.js";
import { liveAssignments, select } from "../core/store.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { orderWord, wordsOf } from "../outcomes/outcome_labels.js";
import { withdraw } from "../sending/send.js";

const STEPS = [
  ["offered_at", () => _("sent")],
  ["accepted_at", () => _("accepted")],
  ["departed_at", () => _("departed")],
  ["arrived_at", () => _("on scene")],
  ["completed_at", () => _("ended")],
];
const LATE_S = 60;

const isLive = (assignment) => ["offered", "accepted", "en_route", "on_scene"].includes(assignment.state);

/** Orders that came to an end, the latest first. */
export const pastOrders = (incident) => incident.assignments.filter((assignment) => !isLive(assignment)).reverse();

/** Live orders as they matter: who is there, then who is there next. */
export function comingOrders(incident) {
  const when = (assignment) => (assignment.state === "on_scene" ? 0 : Date.parse(assignment.eta_at ?? "") || Infinity);
  return liveAssignments(incident).sort((a, b) => when(a) - when(b) || a.id - b.id);
}

export class AssignmentList {
  /** `pick(incident)`: which orders; `ask(question, label, act)`: asks for a reason in the panel. */
  constructor(tag, pick, { ask = null } = {}) {
    this.pick = pick;
    this.ask = ask;
    this.node = el(tag);
  }

  close() {}

  update(incident) {
    const orders = this.pick(incident);
    keyed(this.node, orders, { key: (a) => a.id, create: (a) => this.#row(a), update: (row, a) => this.#update(row, a) });
    this.node.hidden = orders.length === 0;
    this.tick();
  }

  #row(assignment) {
    const parts = {
      mark: el("span.mark"),
      name: el("button.name", { type: "button", onclick: () => select("crew", assignment.crew_id) }, assignment.crew_name),
      state: el("span.state"),
      eta: el("div.eta"),
      steps: el("ol.steps"),
      note: el("div.why"),
      back: el("button.secondary.small", { type: "button", onclick: () => this.#callBack(row.assignment) }, _("Call back")),
    };
    const row = el("li.assignment", { data: { assignmentId: assignment.id } },
      el("div.line", {}, el("div", {}, parts.mark, parts.name, parts.state), parts.back), parts.eta, parts.steps, parts.note);
    row.parts = parts;
    return row;
  }

  #callBack(assignment) {
    this.ask?.(_("Why is %(crew)s called back?", { crew: assignment.crew_name }), _("Call back"), (reason) => withdraw(assignment, reason));
  }

  #update(row, assignment) {
    row.assignment = assignment;
    const { parts } = row;
    const live = isLive(assignment);
    row.className = `assignment a-${assignment.state}${assignment.outcome_effect ? ` e-${assignment.outcome_effect}` : ""}`;
    const glyph = live ? assignment.state : "";
    if (parts.mark.dataset.state !== glyph) {
      parts.mark.dataset.state = glyph;
      fill(parts.mark, live ? crewGlyph(assignment.state) : null);
    }
    const behind = live && assignment.rank > 0 ? _("after %(n)s other", { n: assignment.rank }) : "";
    text(parts.state, [orderWord(assignment), behind].filter(Boolean).join(" · "));
    fill(parts.steps, STEPS.filter(([field]) => assignment[field]).map(([field, word]) => el("li", {}, el("time", {}, clock(assignment[field])), " ", word())));
    parts.back.hidden = !live || !this.ask;
    const note = [
      wordsOf(assignment),
      assignment.reason ? declineLabel(assignment.reason) : "",
      assignment.sent_by ? _("sent by %(who)s", { who: assignment.sent_by }) : "",
    ];
    text(parts.note, note.filter(Boolean).join(" · "));
    parts.eta.hidden = !live || (assignment.state !== "on_scene" && !assignment.eta_at);
  }

  /** The time that runs: until somebody is there, since somebody is. */
  tick() {
    for (const row of this.node.children) {
      const { eta_at, arrived_at, state: at } = row.assignment;
      const { eta } = row.parts;
      if (eta.hidden) continue;
      const late = at === "on_scene" ? 0 : secondsSince(eta_at);
      if (at === "on_scene") this.#say(eta, travelTime(secondsSince(arrived_at)), _("on scene since %(time)s", { time: clock(arrived_at, { seconds: false }) }));
      else if (late > 0) this.#say(eta, _("%(age)s late", { age: travelTime(late) }), _("was expected at %(time)s", { time: clock(eta_at, { seconds: false }) }));
      else this.#say(eta, travelTime((Date.parse(eta_at) - now()) / 1000), _("expected at %(time)s", { time: clock(eta_at, { seconds: false }) }));
      eta.classList.toggle("late", late > LATE_S);
    }
  }

  #say(eta, big, small) {
    if (!eta.firstChild) eta.append(el("b"), " ", el("span"));
    text(eta.firstChild, big);
    text(eta.lastChild, small);
  }
}

