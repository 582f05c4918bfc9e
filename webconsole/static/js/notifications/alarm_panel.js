// Alarms over the map and in the window's title: what, since when, with two buttons: look at it, or
// acknowledge.
import { secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, select } from "../core/store.js";
import { keepWaiting, nextBestLine, sendNextBest } from "../escalation/order_deadline.js";
import { alarmSentence } from "./alarm_kinds.js";
import { acknowledge, openAlarms } from "./alarms.js";

const SHOWN = 3;
/** Alarms for which somebody else may go. */
const SEEKS = new Set(["unanswered", "not_set_out", "refused", "supervisor"]);

/** Until it is known whether the server has it, nothing is asked twice. */
async function once(button, act) {
  button.disabled = true;
  await act();
  button.disabled = false;
}

/** `node` is a live region: each alarm is spoken once, when it comes; its running time is not. */
export function alarmsPanel(node) {
  const list = el("ul");
  const more = el("button.quiet.more", { type: "button", hidden: true, onclick: () => acknowledge() });
  node.append(list, more);
  const title = document.title;

  const row = (alarm) => {
    const since = el("span.since", { "aria-hidden": "true" });
    const last = el("span.last");
    const best = el("span.best");
    const sendBest = el("button.primary.small", { type: "button", hidden: true, onclick: () => once(sendBest, () => sendNextBest(made.alarm.incident, made.alarm.assignment)) });
    const wait = el("button.secondary.small", { type: "button", hidden: true, onclick: () => once(wait, () => keepWaiting(made.alarm.assignment)) }, _("Keep waiting"));
    const seen = el("button.secondary.small", { type: "button", data: { command: "alarm.acknowledge" }, onclick: () => once(seen, () => acknowledge([made.alarm])) }, _("Acknowledge"));
    const made = el("li", { data: { alarm: alarm.kind } },
      el("span.sign", { "aria-hidden": "true" }, "!"),
      el("span.what", {}, alarmSentence(alarm), best, last), since,
      el("span.actions", {}, sendBest, wait, el("button.secondary.small", { type: "button", onclick: () => select("incident", alarm.incident.id) }, _("Show")), seen));
    return Object.assign(made, { since, last, best, sendBest, wait });
  };

  const update = (made, alarm) => {
    made.alarm = alarm;
    const { assignment } = alarm;
    const offered = SEEKS.has(alarm.kind) ? nextBestLine(assignment) : "";
    text(made.best, offered);
    made.sendBest.hidden = !offered || !assignment.chain.next_best;
    if (!made.sendBest.hidden) text(made.sendBest, _("Send %(crew)s", { crew: assignment.chain.next_best.crew_name }));
    made.wait.hidden = !SEEKS.has(alarm.kind) || !assignment.chain?.waiting || !["offered", "accepted"].includes(assignment.state);
    text(made.last, alarm.last ? _("was seen by %(who)s at %(time)s", { who: alarm.last.by, time: clock(alarm.last.at, { seconds: false }) }) : "");
  };

  const draw = () => {
    const all = openAlarms();
    keyed(list, all.slice(0, SHOWN), { key: (alarm) => alarm.key, create: row, update });
    more.hidden = all.length <= SHOWN;
    if (!more.hidden) text(more, ngettext("%(n)s more; acknowledge all", "%(n)s more; acknowledge all", all.length - SHOWN));
    document.title = all.length ? `(${all.length}) ! ${alarmSentence(all[0])}` : title;
    tick();
  };
  const tick = () => {
    for (const made of list.children) text(made.since, timer(secondsSince(made.alarm.since)));
  };
  on("alarms", draw);
  on("tick", tick);
  draw();
}
