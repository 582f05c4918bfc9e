// Grouping and order of the queue, remembered by this browser.
import { stageOf } from "../assignments/progress.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { _, isChinese } from "../core/i18n.js";
import { PRIORITIES, kindName, priorityLabel } from "../core/labels.js";
import { touch } from "../core/store.js";
import { zoneName, zones, zonesAt } from "../zones/zones.js";

const KEPT = "nearcrew-queue-order";

export const GROUPINGS = {
  state: () => _("State"),
  priority: () => _("Priority"),
  zone: () => _("Zone"),
  kind: () => _("Kind"),
};

export const SORTINGS = {
  need: () => _("Most urgent"),
  waiting: () => _("Waiting longest"),
  newest: () => _("Newest"),
  changed: () => _("Last changed"),
};

export const order = { group: "state", sort: "need", ...readStored(KEPT, {}) };
if (!(order.group in GROUPINGS)) order.group = "state";
if (!(order.sort in SORTINGS)) order.sort = "need";

export function setOrder(change) {
  Object.assign(order, change);
  writeStored(KEPT, order);
  touch("filters");
}

const reported = (incident) => Date.parse(incident.reported_at ?? incident.created_at);
const oldestFirst = (a, b) => reported(a) - reported(b) || a.id - b.id;

const COMPARE = {
  need: (a, b) => a.priority - b.priority || oldestFirst(a, b),
  waiting: oldestFirst,
  newest: (a, b) => oldestFirst(b, a),
  changed: (a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at) || b.id - a.id,
};

/** What is done never stands before what is not, nor what is due later before what waits. */
const RANKS = { due_later: 1, made_safe: 2, resolved: 3 };
const rank = (incident) => RANKS[stageOf(incident)] ?? 0;
const soonestDue = (a, b) => (rank(a) === RANKS.due_later ? Date.parse(a.due_at) - Date.parse(b.due_at) : 0);

/** Whatever else is asked for, that comes first; of what is due later the soonest. */
export const compare = (a, b) => rank(a) - rank(b) || soonestDue(a, b) || COMPARE[order.sort](a, b);

/** What was asked is not yet under way: a group for each stage, in the order in which they are passed. */
const BY_STATE = [
  { id: "open", stage: "open", title: () => _("Waiting for a crew") },
  { id: "offered", stage: "offered", title: () => _("Asked, no answer yet") },
  { id: "accepted", stage: "accepted", title: () => _("Accepted, not set out") },
  { id: "en_route", stage: "en_route", title: () => _("On the way") },
  { id: "on_scene", stage: "on_scene", title: () => _("On scene") },
  { id: "later", stage: "due_later", title: () => _("Repairs, due later") },
  { id: "safe", stage: "made_safe", title: () => _("Made safe, to be closed") },
  { id: "done", stage: "resolved", title: () => _("Done, to be closed") },
];
const NOWHERE = "none";

function zoneOf(incident) {
  const [smallest] = zonesAt(incident.lon, incident.lat);
  return smallest ? String(smallest.id) : NOWHERE;
}

/** The key of the group in which an incident stands; null when it stands in none. */
export function groupOf(incident) {
  const byState = BY_STATE.find(({ stage }) => stage === stageOf(incident));
  if (!byState) return null;
  if (order.group === "priority") return `p${incident.priority}`;
  if (order.group === "kind") return incident.kind;
  if (order.group === "zone") return zoneOf(incident);
  return byState.id;
}

/** The groups in their order, each {id, title}; `keys` are those that somebody stands in. */
export function groupsOf(keys) {
  if (order.group === "state") return BY_STATE.map(({ id, title }) => ({ id, title: title() }));
  if (order.group === "priority") return PRIORITIES.map((level) => ({ id: `p${level}`, title: `P${level} ${priorityLabel(level)}` }));
  if (order.group === "zone") {
    return [...zones().map((one) => ({ id: String(one.id), title: zoneName(one) })), { id: NOWHERE, title: _("In no zone") }].filter(({ id }) => keys.has(id));
  }
  const locale = isChinese() ? "zh-CN" : "en";
  return [...keys].map((code) => ({ id: code, title: kindName(code) })).sort((a, b) => a.title.localeCompare(b.title, locale));
}
