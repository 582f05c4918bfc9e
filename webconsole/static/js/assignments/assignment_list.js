// The assignments of an incident: which crews are coming and when, and which were sent before.
import { secondsSince } from "../core/clock.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { declineLabel } from "../core/labels.js";
import { emit, liveAssignments, select } from "../core/store.js";
import { markWord, reachedMarks } from "../escalation/mark_labels.js";
import { nextBestLine, nextStepLine, secondsLeft } from "../escalation/order_deadline.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { ALARM_KINDS, seenLabel } from "../notifications/alarm_kinds.js";
import { alarmOfOrder } from "../notifications/alarms.js";
import { orderWord, wordsOf } from "../outcomes/outcome_labels.js";
import { NoticeLine, isUnconfirmed } from "../notices/notice_line.js";
import { partLine } from "../plans/plan_labels.js";
import { SafetyLine } from "../safety/safety_line.js";
import { withdraw } from "../sending/send.js";
import { arrivalOf, byProgress, isQueued, queuedLabel } from "./progress.js";

const STEPS = [
  ["offered_at", () => _("sent")],
  ["accepted_at", () => _("accepted")],
  ["departed_at", () => _("departed")],
  ["arrived_at", () => _("on scene")],
  ["completed_at", () => _("ended")],
];

const isLive = (assignment) => ["offered", "accepted", "en_route", "on_scene"].includes(assignment.state);

/** Its work waits, because something more urgent came first. */
const suspendedWord = ({ suspended }) => _("Interrupted for #%(id)s", { id: suspended.for_incident_id });

/** Taken back, and the crew has not confirmed it: it may still be on its way. */
const isRecalledUnheard = (assignment) => !isLive(assignment) && isUnconfirmed(assignment.notice);

/** Orders that came to an end, the latest first. */
export const pastOrders = (incident) => incident.assignments.filter((assignment) => !isLive(assignment) && !isRecalledUnheard(assignment)).reverse();

/** Live orders as they matter: who is there, who drives, who only accepted, who was only asked; then who has yet to learn that it is called back. */
export const comingOrders = (incident) => [...liveAssignments(incident).sort(byProgress), ...incident.assignments.filter(isRecalledUnheard)];

/** Since when, and whether somebody has seen it; marked until the crew answers. */
function alarmLine(alarm) {
  if (!alarm) return "";
  const what = _("%(what)s since %(time)s", { what: ALARM_KINDS[alarm.kind].short(alarm.assignment), time: clock(alarm.since, { seconds: false }) });
  return alarm.seen ? `${what} · ${seenLabel(alarm.seen)}` : what;
}

/** Sent, delivered, rang, seen, accepted, …, each with its time. */
function stepsOf(assignment) {
  const [sent, ...others] = STEPS.filter(([field]) => assignment[field]).map(([field, word]) => [assignment[field], word()]);
  return [sent, ...reachedMarks(assignment).map((mark) => [mark.at, markWord(mark)]), ...others];
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
    this.incident = incident;
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
      part: el("div.part"),
      eta: el("div.eta"),
      alarm: el("div.order-alarm"),
      next: el("div.next-step", { hidden: true }),
      steps: el("ol.steps"),
      note: el("div.why"),
      notice: new NoticeLine(),
      safety: new SafetyLine(),
      asked: el("div.asked", { hidden: true }, el("b"), " ", el("span", {}, _("since asked"))),
      replace: el("button.secondary.small", { type: "button", onclick: () => emit("replace", row.assignment) }, _("Replace")),
      back: el("button.secondary.small", { type: "button", onclick: () => this.#recall(row.assignment) }, _("Recall")),
    };
    const row = el("li.assignment", { data: { assignmentId: assignment.id } },
      el("div.line", {}, el("div", {}, parts.mark, parts.name, parts.state), el("div.acts", {}, parts.replace, parts.back)), parts.part, parts.alarm, parts.safety.node, parts.notice.node, parts.asked, parts.next, parts.eta, parts.steps, parts.note);
    row.parts = parts;
    return row;
  }

  #recall(assignment) {
    this.ask?.(_("Why is %(crew)s recalled?", { crew: assignment.crew_name }), _("Recall"), (reason) => withdraw(assignment, reason));
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
    text(parts.state, [assignment.suspended && live ? suspendedWord(assignment) : orderWord(assignment), live ? queuedLabel(assignment) : ""].filter(Boolean).join(" · "));
    fill(parts.steps, stepsOf(assignment).map(([at, word]) => el("li", {}, el("time", {}, clock(at)), " ", word)));
    text(parts.part, live ? partLine(assignment, this.incident) : "");
    parts.back.hidden = !live || !this.ask;
    parts.replace.hidden = parts.back.hidden || assignment.state === "on_scene";
    parts.back.setAttribute("aria-label", _("Recall %(crew)s", { crew: assignment.crew_name }));
    parts.replace.setAttribute("aria-label", _("Replace %(crew)s", { crew: assignment.crew_name }));
    parts.asked.hidden = assignment.state !== "offered" || !assignment.asked_at;
    const note = [
      wordsOf(assignment),
      assignment.reason ? declineLabel(assignment.reason) : "",
      assignment.sent_by ? _("sent by %(who)s", { who: assignment.sent_by }) : "",
    ];
    text(parts.note, note.filter(Boolean).join(" · "));
    parts.eta.hidden = !live || isQueued(assignment);
  }

  /** The time that runs: until somebody is there, since somebody is; and an order that needs somebody. */
  tick() {
    for (const row of this.node.children) {
      this.#sayAsked(row);
      this.#sayNext(row);
      const { eta, alarm, notice } = row.parts;
      notice.draw(row.assignment.notice);
      row.parts.safety.draw(row.assignment);
      text(alarm, isLive(row.assignment) ? alarmLine(alarmOfOrder(row.assignment.id)) : "");
      if (eta.hidden) continue;
      const { big, small, late } = arrivalOf(row.assignment);
      if (!eta.firstChild) eta.append(el("b"), " ", el("span"));
      text(eta.firstChild, big);
      text(eta.lastChild, small);
      eta.classList.toggle("late", late);
    }
  }

  /** A crew that was asked and does not answer: for how long, and how long it has left. */
  #sayAsked({ assignment, parts: { asked } }) {
    if (asked.hidden) return;
    const leftS = secondsLeft(assignment);
    text(asked.firstChild, timer(leftS ?? secondsSince(assignment.asked_at)));
    text(asked.lastChild, leftS === null ? _("since asked") : _("left to answer"));
  }

  /** What the server does next by itself, and who should go instead. */
  #sayNext({ assignment, parts: { next } }) {
    const line = isLive(assignment) ? [nextBestLine(assignment), nextStepLine(assignment)].filter(Boolean).join(" · ") : "";
    text(next, line);
    next.hidden = !line;
  }
}
