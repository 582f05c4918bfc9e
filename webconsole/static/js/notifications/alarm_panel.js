// Alarms over the map: what, since when, with two buttons: look at it, or acknowledge.
import { secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { timer } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { on, select } from "../core/store.js";
import { notDoneLine } from "../outcomes/outcome_labels.js";
import { acknowledge, openAlarms } from "./alarms.js";

const SHOWN = 3;

export function alarmSentence({ kind, incident, assignment }) {
  const named = { crew: assignment.crew_name, incident: incidentTitle(incident) };
  if (kind === "not_done") return _("Not done: %(incident)s: %(why)s", { ...named, why: notDoneLine(incident) });
  if (kind === "unanswered") return _("%(crew)s has not answered: %(incident)s", named);
  if (assignment.state === "expired") return _("%(crew)s did not answer in time: %(incident)s waits again", named);
  return _("%(crew)s declined: %(incident)s waits again", named);
}

/** `node` is a live region: each alarm is spoken once, when it comes; its running time is not. */
export function alarmsPanel(node) {
  const list = el("ul");
  const more = el("button.quiet.more", { type: "button", hidden: true, onclick: () => acknowledge() });
  node.append(list, more);

  const row = (alarm) => {
    const since = el("span.since", { "aria-hidden": "true" });
    const made = el("li", {},
      el("span.sign", { "aria-hidden": "true" }, "!"),
      el("span.what", {}, alarmSentence(alarm)), since,
      el("button.secondary.small", { type: "button", onclick: () => select("incident", alarm.incident.id) }, _("Show")),
      el("button.secondary.small", { type: "button", data: { command: "alarm.acknowledge" }, onclick: () => acknowledge([alarm]) }, _("Acknowledge")));
    made.since = since;
    return made;
  };

  const draw = () => {
    const all = openAlarms();
    keyed(list, all.slice(0, SHOWN), { key: (alarm) => alarm.key, create: row, update: (made, alarm) => { made.alarm = alarm; } });
    more.hidden = all.length <= SHOWN;
    if (!more.hidden) text(more, ngettext("%(n)s more; acknowledge all", "%(n)s more; acknowledge all", all.length - SHOWN));
    tick();
  };
  const tick = () => {
    for (const made of list.children) text(made.since, timer(secondsSince(made.alarm.since)));
  };
  on("alarms", draw);
  on("tick", tick);
  draw();
}
