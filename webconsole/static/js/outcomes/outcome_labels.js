// Words for how orders ended and what that means for their incident. What is not done, or only made
// safe, never reads as done.
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { clock } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { assignmentState, effectLabel, incidentState } from "../core/labels.js";
import { state } from "../core/store.js";

const LEAD_MS = 2 * 3600 * 1000; // a follow-up that is due sooner waits for a crew like any other
const ENDED = ["closed", "cancelled", "merged"];

/** The name of an outcome in the page's language. */
export const outcomeName = ({ name_en, name_zh }) => (isChinese() ? name_zh : name_en);

/** How an order ended, of an assignment or of its event; "" where that is not said. */
export function endedWith(said) {
  if (said.outcome_name_en) return isChinese() ? said.outcome_name_zh : said.outcome_name_en;
  // Events of earlier releases have a code, or words, as the result.
  const known = !said.outcome_effect && boot.known_outcomes?.find(({ code }) => code === said.result);
  return known ? outcomeName(known) : "";
}

/** The crew's words about it. */
export const wordsOf = (said) => (endedWith(said) && !said.outcome_effect ? "" : said.result ?? "");

/** The state of an order in a word: of one that ended how it ended. */
export function orderWord(assignment) {
  if (assignment.state !== "completed") return assignmentState(assignment.state);
  return endedWith(assignment) || assignmentState("completed");
}

/**
 * Under which state an incident is shown: resolved is "made_safe" where the repair is to follow, and
 * that is "due_later" until it waits for a crew.
 */
export function shownState(incident) {
  if (incident.state === "resolved" && incident.outcome_effect === "follow_up") return "made_safe";
  return isLater(incident) ? "due_later" : incident.state;
}

export const incidentWord = (incident) => incidentState(shownState(incident));

/** Open because no crew could do the work. */
export const isNotDone = ({ state: at, outcome_effect }) => at === "open" && outcome_effect === "not_done";

const byEnd = (a, b) => Date.parse(a.ended_at) - Date.parse(b.ended_at) || a.id - b.id;

/** The order that ended last with an outcome, of one effect if named; undefined without any. */
export const lastEnded = (incident, effect = null) =>
  (incident.assignments ?? []).filter((each) => each.outcome_effect && (effect === null || each.outcome_effect === effect)).sort(byEnd).at(-1);

/** "Could not get in · Gas 1 · 03:12 · “neighbour has key”"; "" unless it is open for that reason. */
export function notDoneLine(incident) {
  if (!isNotDone(incident)) return "";
  const last = lastEnded(incident, "not_done");
  if (!last) return effectLabel("not_done");
  const words = wordsOf(last);
  return [endedWith(last), last.crew_name, clock(last.ended_at, { seconds: false }), words ? _("“%(words)s”", { words }) : ""].filter(Boolean).join(" · ");
}

/** "due 18:00", "due Nov 30 18:00", "overdue since 18:00"; "" where nothing is due. */
export function dueWords({ due_at }) {
  if (!due_at) return "";
  const time = clock(due_at, { seconds: false });
  return Date.parse(due_at) < now() ? _("overdue since %(time)s", { time }) : _("due %(time)s", { time });
}

/** A follow-up that nobody need be sent to yet. */
export const isLater = (incident) =>
  incident.state === "open" && Boolean(incident.due_at) && !isNotDone(incident) && Date.parse(incident.due_at) - now() > LEAD_MS;

/** The follow-up of an incident while it is not over, as the board knows it. */
export function openFollowUp(incident) {
  const found = state.incidents.get(incident.follow_up_id);
  return found && !ENDED.includes(found.state) ? found : null;
}

/** What a crew said of the end, to begin the desk's own words with. */
export function closingWords(incident) {
  const last = incident.state === "resolved" || isNotDone(incident) ? lastEnded(incident) : null;
  if (!last) return "";
  return [endedWith(last), wordsOf(last)].filter(Boolean).join(": ");
}
