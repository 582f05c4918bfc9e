// Labels of a candidate: arrival, distance, verdict; the same in the panel and on the command line.
import { distance, duration, straightDistance, travelTimeRange } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { crewState, equipmentLabel, kindOf, say, skillLabel } from "../core/labels.js";
import { reachLabel } from "../reach/reach_badge.js";
import { lapseLabel } from "../skills/ticket_labels.js";

const REASON = {
  off_duty: () => _("off duty"),
  on_break: () => _("on break"),
  stale_fix: () => _("position too old"),
  parked: () => _("parked"),
  no_fix: () => _("no position yet"),
  busy: () => _("busy with another order"),
  unreachable: () => _("no road leads there"),
  off_road: () => _("crew is off the road network"),
  no_road_time: () => _("road time unknown: straight distance only"),
  lent: () => _("lent to another unit"),
  already_assigned: () => _("already sent here"),
  declined_before: () => _("declined this incident before"),
  lacks_skill: () => _("lacks the skill"),
  ticket_expired: () => _("a ticket has expired"),
  ticket_withdrawn: () => _("a ticket was withdrawn"),
  lacks_equipment: () => _("lacks equipment"),
  skills_unknown: () => _("its skills are not recorded"),
  shift_ends: () => _("its shift ends before it would be there"),
  rest_due: () => _("has to rest"),
  outside_rota: () => _("outside the rota"),
  rota_says_on_duty: () => _("not on duty, the rota says so"),
  other_task: () => _("for another task of the plan"),
  outside_radius: () => _("outside the radius"),
  fastest: () => _("there first"),
  fastest_reachable: () => _("there first of those that an order reaches"),
  not_reachable: () => _("no order reaches it"),
  phone_mute: () => _("its phone is mute"),
  fewer_orders_today: () => _("about as fast, fewer orders today"),
};

export const reasonLabel = (code) => say(REASON, code);

// What the server would refuse whoever asks; anything else the dispatcher may overrule.
const FORBIDDEN = ["off_duty", "on_break", "already_assigned", "lent"];

export const isForbidden = (candidate) => candidate.reasons.some((reason) => FORBIDDEN.includes(reason));

export const isBusy = (candidate) => candidate.workload.active > 0;

/** From now until it is there, what it has in hand included. */
export function arrivalLabel({ travel_time_s, free_in_s, earliest_s, latest_s }) {
  if (travel_time_s === null) return _("no road time");
  const seconds = (free_in_s ?? 0) + travel_time_s;
  return travelTimeRange(earliest_s ?? seconds, latest_s ?? seconds);
}

/** By road where the server measured the path, else across the roofs, and said so. */
export function distanceLabel({ distance_m: straightM, way_length_m: pathM }) {
  return typeof pathM === "number" ? distance(pathM) : straightDistance(straightM);
}

const SKILLS = ["lacks_skill", "skills_unknown"]; // said by a chip beside the name
const ENDED = ["ticket_expired", "ticket_withdrawn"]; // said by the chip, and when in words

/** Skills as they matter to an incident, the needed one first: [{code, has: "has"|"lacks"|"unknown"}]. */
export function skillChips(candidate, incident, crew) {
  const needed = incident && kindOf(incident.kind)?.skill;
  const others = (crew?.skills ?? []).filter((code) => code !== needed);
  if (!needed) return [];
  // Of use for another task of the plan: what it can do is said, not what the kind usually needs.
  const fits = ![...SKILLS, ...ENDED].some((reason) => candidate.reasons.includes(reason));
  if (fits && others.length && !crew.skills.includes(needed)) return others.slice(0, 2).map((code) => ({ code, has: "has" }));
  const has = ["lacks_skill", ...ENDED].some((reason) => candidate.reasons.includes(reason)) ? "lacks" : candidate.reasons.includes("skills_unknown") ? "unknown" : "has";
  return [{ code: needed, has }, ...(has === "lacks" ? others.slice(0, 1).map((code) => ({ code, has: "has" })) : [])];
}

/**
 * The verdict and its reasons; `crew` as the store has it, where it does. `short`: beside a name,
 * where skills, and that it is recommended, are to be seen without words.
 */
export function verdictLabel(candidate, crew, { short = false } = {}) {
  if (candidate.reasons.includes("already_assigned")) return reasonLabel("already_assigned");
  const reasons = candidate.reasons.filter((reason) => !short || !SKILLS.includes(reason));
  const words = reasons.map((reason) => {
    if (reason === "busy" && candidate.free_in_s) return _("free in about %(time)s", { time: duration(candidate.free_in_s) });
    if (reason === "not_reachable") return _("cannot be reached: %(why)s", { why: reachLabel(crew?.reachable ?? candidate.reachable) });
    if (ENDED.includes(reason) && candidate.lapsed?.length) return candidate.lapsed.map((each) => lapseLabel(skillLabel(each.skill), each)).join(" · ");
    if (reason === "lacks_equipment" && candidate.lacks_equipment?.length) return _("does not bring: %(what)s", { what: candidate.lacks_equipment.map(equipmentLabel).join(", ") });
    return reasonLabel(reason);
  });
  if (candidate.verdict === "recommended") words.unshift(_("Recommended"));
  if (candidate.verdict === "possible" && crew && crew.state !== "idle") words.unshift(crewState(crew.state));
  return words.join(" · ");
}
