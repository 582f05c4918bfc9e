// Filters of the queue. A filter narrows what is looked at, never what is known: what is hidden is
// counted, and an emergency among it is shown prominently.
import { STAGES, stageLabel, stageOf } from "../assignments/progress.js";
import { boot } from "../core/boot.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { _ } from "../core/i18n.js";
import { PRIORITIES, kindName, kindOf, priorityLabel, utilityLabel } from "../core/labels.js";
import { liveAssignments, state, touch } from "../core/store.js";
import { isNotDone } from "../outcomes/outcome_labels.js";
import { isShort } from "../plans/plan_labels.js";
import { zone, zoneName, zonesAt } from "../zones/zones.js";

const KEPT = "nearcrew-queue-filters";
export const WHOSE = ["mine", "unassigned"];
const NONE = { text: "", priorities: [], utilities: [], kinds: [], states: [], zones: [], whose: [] };

/** What is chosen: lists of codes; an empty list lets everything through. */
export const filters = { ...NONE, ...readStored(KEPT, {}) };
filters.states = filters.states.filter((code) => STAGES.includes(code)); // an earlier release knew fewer

function changed() {
  writeStored(KEPT, filters);
  touch("filters");
}

export function setFilter(name, value) {
  filters[name] = value;
  changed();
}

/** Put a value into a list, or take it out. */
export function toggleFilter(name, value) {
  const list = filters[name];
  setFilter(name, list.includes(value) ? list.filter((each) => each !== value) : [...list, value]);
}

export function clearFilters() {
  Object.assign(filters, NONE);
  changed();
}

export const utilities = () => [...new Set((boot.kinds ?? []).map((kind) => kind.utility))];

export const whoseLabel = (code) => (code === "mine" ? _("Sent by me") : _("No crew yet"));

const mine = (incident) => incident.assignments.some((assignment) => assignment.sent_by === boot.display_name);
const WHOSE_TESTS = { mine, unassigned: (incident) => liveAssignments(incident).length === 0 };

function words(incident) {
  const kind = kindOf(incident.kind);
  const crews = incident.assignments.map((assignment) => assignment.crew_name);
  return [`#${incident.id}`, kind?.name_en, kind?.name_zh, incident.address, incident.description, incident.caller_name, incident.caller_phone, ...crews]
    .filter(Boolean).join("\n").toLocaleLowerCase();
}

const anyOf = (list, value) => list.length === 0 || list.includes(value);

/** Whether an incident is shown. Every word that is typed must occur somewhere in it. */
export function passes(incident, by = filters) {
  if (!anyOf(by.priorities, incident.priority) || !anyOf(by.utilities, incident.utility)) return false;
  if (!anyOf(by.kinds, incident.kind) || !anyOf(by.states, stageOf(incident))) return false;
  if (!by.whose.every((code) => WHOSE_TESTS[code]?.(incident) ?? true)) return false;
  if (by.zones.length && !zonesAt(incident.lon, incident.lat).some(({ id }) => by.zones.includes(id))) return false;
  const typed = by.text.trim().toLocaleLowerCase();
  if (!typed) return true;
  const all = words(incident);
  return typed.split(/\s+/).every((word) => (/^#\d+$/.test(word) ? word === `#${incident.id}` : all.includes(word)));
}

/** Hidden although somebody has to act: an emergency to which nobody was sent, one not done, one that misses a crew. */
export const isLoud = (incident) => isNotDone(incident) || isShort(incident) || (incident.state === "open" && incident.priority === 1);

/** What is chosen, one removable thing each: {label, remove}. */
export function chips() {
  const list = (name, label) => filters[name].map((value) => ({ id: `${name}-${value}`, label: label(value), remove: () => toggleFilter(name, value) }));
  const typed = filters.text.trim();
  return [
    ...(typed ? [{ id: "text", label: `“${typed}”`, remove: () => setFilter("text", "") }] : []),
    ...list("priorities", (level) => `P${level} ${priorityLabel(level)}`),
    ...list("utilities", utilityLabel),
    ...list("kinds", kindName),
    ...list("states", stageLabel),
    ...list("zones", (id) => (zone(id) ? zoneName(zone(id)) : _("Zone %(id)s", { id }))),
    ...list("whose", whoseLabel),
  ];
}

export const isFiltered = () => chips().length > 0;

/** For the command line: "p1 gas open" as the filters it names; null when a word is none of them. */
export function readFilters(typed) {
  const found = { ...NONE };
  const rest = [];
  for (const word of typed.trim().split(/\s+/).filter(Boolean)) {
    const low = word.toLocaleLowerCase();
    const level = PRIORITIES.find((each) => low === `p${each}`);
    const utility = utilities().find((each) => low === each || low === utilityLabel(each).toLocaleLowerCase());
    const code = STAGES.find((each) => low === each || low === stageLabel(each).toLocaleLowerCase());
    const whose = WHOSE.find((each) => low === each || low === whoseLabel(each).toLocaleLowerCase());
    if (level) found.priorities = [...found.priorities, level];
    else if (utility) found.utilities = [...found.utilities, utility];
    else if (code) found.states = [...found.states, code];
    else if (whose) found.whose = [...found.whose, whose];
    else rest.push(word);
  }
  found.text = rest.join(" ");
  return found;
}

export function useFilters(wanted) {
  Object.assign(filters, NONE, wanted);
  changed();
}

/** How the board stands against the filters: {hidden, loud}, both lists of incidents. */
export function hiddenIncidents() {
  const hidden = [...state.incidents.values()].filter((incident) => STAGES.includes(stageOf(incident)) && !passes(incident));
  return { hidden, loud: hidden.filter(isLoud) };
}
