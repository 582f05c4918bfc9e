// Alarms over the map and in the window's title: what, since when, with two buttons: look at it, or
// acknowledge.
import { secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, select } from "../core/store.js";
import { alarmSentence } from "./alarm_kinds.js";
import { acknowledge, openAlarms } from "./alarms.js";

const SHOWN = 3;

/** `node` is a live region: each alarm is spoken once, when it comes; its running time is not. */
export function alarmsPanel(node) {
  const list = el("ul");
  const more = el("button.quiet.more", { type: "button", hidden: true, onclick: () => acknowledge() });
  node.append(list, more);
  const title = document.title;

  const row = (alarm) => {
    const since = el("span.since", { "aria-hidden": "true" });
    const last = el("span.last");
    const seen = el("button.secondary.small", { type: "button", data: { command: "alarm.acknowledge" }, onclick: async () => {
      seen.disabled = true; // until it is known whether the server has it
      await acknowledge([made.alarm]);
      seen.disabled = false;
    } }, _("Acknowledge"));
    const made = el("li", { data: { alarm: alarm.kind } },
      el("span.sign", { "aria-hidden": "true" }, "!"),
      el("span.what", {}, alarmSentence(alarm), last), since,
      el("span.actions", {}, el("button.secondary.small", { type: "button", onclick: () => select("incident", alarm.incident.id) }, _("Show")), seen));
    return Object.assign(made, { since, last });
  };

  const update = (made, alarm) => {
    made.alarm = alarm;
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
