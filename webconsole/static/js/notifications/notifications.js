// Sounds and desktop notices for what happens, made by one window for all of them.
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { _ } from "../core/i18n.js";
import { incidentTitle, kindName } from "../core/labels.js";
import { on } from "../core/store.js";
import { sound } from "../sounds/speaker.js";
import { alarmSentence, alarmSound } from "./alarm_kinds.js";
import { openAlarms } from "./alarms.js";
import { notice } from "./desktop_notices.js";

const FRESH_S = 120; // what a machine that slept is told of afterwards is not news
const AGAIN_MS = 15000;

const heard = {
  "incident.created": ({ incident, actor }) => {
    // Whoever just typed it needs no bell.
    if (actor === boot.display_name) return;
    sound(incident?.priority === 1 ? "emergency" : "incident");
    if (incident) notice("incident", _("New: %(incident)s", { incident: incidentTitle(incident) }), { body: incident.address ?? "", kind: "incident", id: incident.id });
  },
  // Sounds as a new one, and says that nobody has confirmed it.
  "public_report.received": ({ data }) => {
    sound("incident");
    notice("incident", _("Unconfirmed: %(kind)s", { kind: kindName(data?.kind) }));
  },
  "message.sent": ({ incident, actor, data }) => {
    if (data.side !== "crew") return;
    sound("message");
    notice("message", _("%(who)s on #%(incident)s: %(words)s", { who: actor, incident: incident?.id ?? "", words: data.text ?? "" }), { kind: "incident", id: incident?.id });
  },
  // The server sends it to those only who may look into it.
  "reading.blocked": () => sound("trouble"),
  "assignment.arrived": () => sound("arrived"),
  // What was not done is an alarm, with a sound of its own.
  "assignment.completed": ({ data }) => data?.outcome_effect !== "not_done" && sound("completed"),
};

export function makeNews() {
  let lead = false;
  let againAtMs = 0;
  on("lead", (now) => {
    lead = now;
    document.documentElement.toggleAttribute("data-lead", lead);
  });
  on("event", (event) => {
    if (lead && secondsSince(event.at) < FRESH_S) heard[event.kind]?.(event);
  });
  on("alarm", (alarm) => {
    if (!lead) return;
    againAtMs = Date.now() + AGAIN_MS;
    sound(alarmSound(alarm));
    notice("trouble", alarmSentence(alarm), { kind: "incident", id: alarm.incident.id });
  });
  // An alarm is told again until somebody acknowledges it, the oldest first.
  on("tick", () => {
    const [oldest] = openAlarms();
    if (!lead || Date.now() < againAtMs || !oldest) return;
    againAtMs = Date.now() + AGAIN_MS;
    sound(alarmSound(oldest));
  });
  on("blind", () => {
    if (!lead) return;
    sound("lost");
    notice("lost", _("This board is not live."));
  });
  on("sighted", () => {
    if (lead) sound("back");
  });
}
