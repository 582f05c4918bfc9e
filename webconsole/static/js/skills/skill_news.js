// What the desk is told of tickets: one that expires soon, and a skill that an order needs and its crew
// no longer has. Beside the log, so that nobody has to look there.
import { skillLabel } from "../core/labels.js";
import { _ } from "../core/i18n.js";
import { on, select, state } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";
import { dayLabel, lapseLabel } from "./ticket_labels.js";

const SOON_S = 20;
const LOST_S = 60;

const crewName = (event) => event.crew?.name ?? state.crews.get(event.crew_id)?.name ?? "";
const lost = (data) => (data.day ? lapseLabel(skillLabel(data.skill), data) : _("no valid ticket for %(skill)s any more", { skill: skillLabel(data.skill) }));

const NEWS = {
  "ticket.expires_soon": (event) => noteToast(
    _("%(crew)s: the ticket for %(skill)s expires after %(day)s", { crew: crewName(event), skill: skillLabel(event.data.skill), day: dayLabel(event.data.day) }),
    { seconds: SOON_S, choices: [{ label: _("Show the crew"), act: () => select("crew", event.crew_id) }] },
  ),
  "assignment.skill_lost": (event) => noteToast(
    _("%(crew)s: %(lost)s. Its order goes on; send another crew if that must not be.", { crew: crewName(event), lost: lost(event.data) }),
    { seconds: LOST_S, choices: [{ label: _("Show the incident"), act: () => select("incident", event.incident_id) }] },
  ),
};

on("event", (event) => NEWS[event.kind]?.(event));
