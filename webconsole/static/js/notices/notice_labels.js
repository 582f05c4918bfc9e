// What a crew is told of an order that it has, in words: what became of it, and each field from old
// to new. Several changes of one order are told as one, none of their values left out.
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { kindName, say, skillLabel } from "../core/labels.js";
import { roleLabel } from "../plans/plan_labels.js";

const TITLE = {
  cancelled: () => _("Incident cancelled"),
  recalled: () => _("Recalled"),
  moved: () => _("Order moved"),
  interrupted: () => _("Interrupted"),
  changed: () => _("Order changed"),
  reordered: () => _("Now this order"),
  skill_lost: () => _("A ticket is no longer valid"),
};
const SENTENCE = {
  cancelled: () => _("You are no longer needed there."),
  recalled: () => _("The desk has taken this order back. Do not go there."),
  moved: () => _("The desk has moved your order to this incident."),
  interrupted: () => _("Something more urgent comes first. This work waits until then."),
  changed: () => "",
  reordered: () => _("It waited behind another one, which has ended."),
  skill_lost: () => _("The order goes on. The desk knows, and may send somebody else."),
};
const FIELD = {
  priority: () => _("Priority"),
  kind: () => _("Kind"),
  address: () => _("Address"),
  place: () => _("Place"),
  description: () => _("What was told"),
  role: () => _("Your part"),
  skill: () => _("Ticket"),
};
const TELLS_CHANGES = new Set(["moved", "changed", "skill_lost"]);
const URGENCY = Object.keys(TITLE);
const M_PER_DEG = 111320;

export const noticeTitle = (kind) => say(TITLE, kind);
export const noticeSentence = (kind) => say(SENTENCE, kind);
export const fieldLabel = (field) => say(FIELD, field);

/** A value of a field as people say it; a place has no words but how far it moved. */
export function valueLabel(field, value) {
  if (field === "priority") return `P${value}`;
  if (field === "kind") return kindName(value);
  if (field === "role") return roleLabel(value);
  if (field === "skill") return skillLabel(value);
  return String(value ?? "");
}

/** "moved by 120 m", from the first place to the last. */
export function movedLabel(places) {
  const [[lon, lat], [toLon, toLat]] = [places[0], places.at(-1)];
  const east = (toLon - lon) * Math.cos((lat * Math.PI) / 180);
  const metres = Math.hypot(east, toLat - lat) * M_PER_DEG;
  return metres < 10 ? _("moved a little") : _("moved by %(distance)s", { distance: distance(metres) });
}

/** The values of each field that changed, in their order: [{field, values: [old, …, new]}]. */
function chains(notices) {
  const found = new Map();
  for (const { field, old, new: value } of notices.flatMap(({ what }) => what)) {
    if (!found.has(field)) found.set(field, [old]);
    found.get(field).push(value);
  }
  return [...found].map(([field, values]) => ({ field, values }));
}

/**
 * Notices by order, the most urgent first: {id, kind, newest, changes}. To confirm `id` confirms all
 * of them. Who is called back need not read what was changed before.
 */
export function gathered(notices) {
  const byOrder = groupBy(notices);
  const urgency = ({ kind }) => URGENCY.indexOf(kind);
  return [...byOrder.values()]
    .map((mine) => {
      const ranked = [...mine].sort((a, b) => urgency(a) - urgency(b) || b.id - a.id);
      const { kind } = ranked[0];
      return { id: mine.at(-1).id, kind, newest: ranked[0], changes: TELLS_CHANGES.has(kind) ? chains(mine) : [] };
    })
    .sort((a, b) => a.newest.rank - b.newest.rank || urgency(a) - urgency(b) || a.id - b.id);
}

/** `Map.groupBy`, which the phones of some years ago do not have. */
function groupBy(notices) {
  const found = new Map();
  for (const each of notices) found.set(each.assignment_id, [...(found.get(each.assignment_id) ?? []), each]);
  return found;
}
