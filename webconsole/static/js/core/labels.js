// Labels of the domain's codes. Those of states, duties, priorities, refusals and events come from the server with
// the page; those of reasons, which are suggestions for a text, stand here.
import { boot } from "./boot.js";
import { _, isChinese } from "./i18n.js";

const DECLINE = {
  busy_on_job: () => _("Still needed where we are"),
  vehicle: () => _("Vehicle trouble"),
  road_blocked: () => _("Road is blocked"),
  equipment: () => _("Tools or material missing"),
};
const WITHDRAWN = { ...DECLINE, replaced: () => _("another crew was sent instead") };

const UTILITY = {
  gas: () => _("Gas"),
  heat: () => _("Heat"),
  water: () => _("Water"),
  power: () => _("Power"),
};

/** The company's own word for a skill or a piece of equipment; an unknown code stands as it is. */
const listed = (list, code) => {
  const entry = (list ?? []).find((each) => each.code === code);
  return entry ? (isChinese() ? entry.name_zh : entry.name_en) : String(code ?? "");
};

// An unknown code is shown as it is: an honest oddity beats a blank.
export const say = (table, code) => (Object.hasOwn(table, code) ? table[code]() : String(code ?? ""));

const served = (labels, code) => _(labels[code] ?? String(code ?? ""));

export const incidentState = (code) => served(boot.labels.incident_state, code);
export const assignmentState = (code) => served(boot.labels.assignment_state, code);
export const crewState = (code) => served(boot.labels.crew_state, code);
export const dutyLabel = (code) => served(boot.labels.duty, code);
export const eventLabel = (code) => _(boot.event_kinds?.[code]?.label ?? code);
export const effectLabel = (code) => served(boot.labels.effect, code);
/** Why an order was declined, withdrawn or not done. */
export const declineLabel = (code) => say(WITHDRAWN, code);
export const photoRefusalLabel = (code) => served(boot.labels.photo_refusal, code);
export const workHelpLabel = (code) => served(boot.labels.help ?? {}, code);
export const alarmLabel = (code) => served(boot.labels.alarm ?? {}, code);
export const markLabel = (code) => served(boot.labels.mark ?? {}, code);
export const chainStepLabel = (code) => served(boot.labels.chain_step ?? {}, code);
export const chainWaitingLabel = (code) => served(boot.labels.chain_waiting ?? {}, code);
export const failureLabel = (code) => served(boot.labels.delivery_failure ?? {}, code);
export const utilityLabel = (code) => say(UTILITY, code);
export const skillLabel = (code) => listed(boot.skills, code);
export const equipmentLabel = (code) => listed(boot.equipment, code);
export const priorityLabel = (code) => served(boot.labels.priority, code);

export const DECLINES = Object.keys(DECLINE);
export const CREW_STATES = Object.keys(boot.labels.crew_state);
export const PRIORITIES = boot.limits.priorities;

export const kindOf = (code) => boot.kinds?.find((kind) => kind.code === code);

export function kindName(code) {
  const kind = kindOf(code);
  if (!kind) return String(code);
  return isChinese() ? kind.name_zh : kind.name_en;
}

/** How people name an incident aloud: kind and number. */
export const incidentTitle = (incident) => _("%(kind)s #%(id)s", { kind: kindName(incident.kind), id: incident.id });

/** How the time is driven, if not as everybody else drives. */
export const drivenLabel = ({ travel_time_s, profile }) => (profile === "emergency" && travel_time_s !== null ? [_("with blue lights")] : []);
