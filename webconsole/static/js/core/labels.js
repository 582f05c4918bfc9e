// Labels of the domain's codes, each in one place: states, reasons, events, results.
import { boot } from "./boot.js";
import { _, isChinese } from "./i18n.js";

const INCIDENT = {
  open: () => _("Waiting for a crew"),
  assigned: () => _("Assigned"),
  on_scene: () => _("On scene"),
  resolved: () => _("Resolved"),
  closed: () => _("Closed"),
  cancelled: () => _("Cancelled"),
  merged: () => _("Merged"),
};

const ASSIGNMENT = {
  offered: () => _("Offered, no answer yet"),
  accepted: () => _("Accepted"),
  en_route: () => _("On the way"),
  on_scene: () => _("On scene"),
  completed: () => _("Completed"),
  declined: () => _("Declined"),
  expired: () => _("Not answered in time"),
  withdrawn: () => _("Withdrawn"),
};

const CREW = {
  idle: () => _("Available"),
  offered: () => _("Awaiting answer"),
  accepted: () => _("Accepted"),
  en_route: () => _("On the way"),
  on_scene: () => _("On scene"),
  on_break: () => _("On break"),
  off_duty: () => _("Off duty"),
};

const DUTY = {
  on_duty: () => _("On duty"),
  on_break: () => _("On break"),
  off_duty: () => _("Off duty"),
};

const RESULT = {
  repaired: () => _("Repaired"),
  made_safe: () => _("Made safe, repair to follow"),
  nothing_found: () => _("Nothing found"),
  no_access: () => _("Could not get in"),
};

const DECLINE = {
  busy_on_job: () => _("Still needed where we are"),
  vehicle: () => _("Vehicle trouble"),
  road_blocked: () => _("Road is blocked"),
  equipment: () => _("Tools or material missing"),
};

const UTILITY = {
  gas: () => _("Gas"),
  heat: () => _("Heat"),
  water: () => _("Water"),
  power: () => _("Power"),
};

const PRIORITY = {
  1: () => _("Emergency"),
  2: () => _("Urgent"),
  3: () => _("Normal"),
  4: () => _("Can wait"),
};

// An unknown code is shown as it is: an honest oddity beats a blank.
export const say = (table, code) => (Object.hasOwn(table, code) ? table[code]() : String(code ?? ""));

export const incidentState = (code) => say(INCIDENT, code);
export const assignmentState = (code) => say(ASSIGNMENT, code);
export const crewState = (code) => say(CREW, code);
export const dutyLabel = (code) => say(DUTY, code);
export const eventLabel = (code) => _(boot.event_kinds?.[code]?.label ?? code);
export const resultLabel = (code) => say(RESULT, code);
export const declineLabel = (code) => say(DECLINE, code);
export const utilityLabel = (code) => say(UTILITY, code);
export const priorityLabel = (code) => say(PRIORITY, code);

export const RESULTS = Object.keys(RESULT);
export const DECLINES = Object.keys(DECLINE);
export const CREW_STATES = Object.keys(CREW);
export const PRIORITIES = boot.limits.priorities;

export const kindOf = (code) => boot.kinds?.find((kind) => kind.code === code);

export function kindName(code) {
  const kind = kindOf(code);
  if (!kind) return String(code);
  return isChinese() ? kind.name_zh : kind.name_en;
}

/** How people name an incident aloud: kind and number. */
export const incidentTitle = (incident) => _("%(kind)s #%(id)s", { kind: kindName(incident.kind), id: incident.id });
