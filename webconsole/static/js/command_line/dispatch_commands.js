// Commands of dispatching: send a crew, close, set the radius, measure, follow, filter the queue.
import { arrivalLine, leadingOrder, stageOfLabel } from "../assignments/progress.js";
import { get } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { PRIORITIES, crewState, incidentTitle, priorityLabel } from "../core/labels.js";
import { followCrew, select, selectedIncident, state } from "../core/store.js";
import { decide, setPriority } from "../incidents/decisions.js";
import { hasMap } from "../live/window_view.js";
import { toggleMeasure } from "../map/tools/measure.js";
import { clearFilters, readFilters, useFilters } from "../queue/queue_filters.js";
import { GROUPINGS, setOrder } from "../queue/queue_order.js";
import { arrivalLabel, distanceLabel, isBusy, isForbidden, verdictLabel } from "../sending/candidate_labels.js";
import { readRadius, sayRadius, takeRadius } from "../sending/radius.js";
import { send } from "../sending/send.js";
import { CommandError } from "./command_error.js";
import { crewMeant, crewsLike, crewsMeant, folded, incidentNumbered, incidentsLike } from "./name_matching.js";
import { addCommand } from "./registry.js";

const MOST = 9;
const ARROW = /\s*(?:→|->|=>|＞|>|到|至)\s*/u;

function sayIncident(incident) {
  const leading = leadingOrder(incident);
  const coming = leading ? `${leading.crew_name} ${arrivalLine(leading)}` : "";
  return [`P${incident.priority}`, incident.address, stageOfLabel(incident), coming].filter(Boolean).join(" · ");
}

/**
 * "crew12 → 418" in its two halves, the second null as long as only a crew is named. Without an
 * arrow a last number is the incident's, unless a crew is called so ("Crew 12").
 */
function halves(typed) {
  const [crew, ...rest] = typed.split(ARROW);
  if (rest.length) return { crew: crew.trim(), incident: rest.join(" ").trim() };
  const [, name, number] = /^(.*\S)\s+#?(\d+)$/u.exec(typed.trim()) ?? [];
  const isName = crewsLike(typed).some((each) => folded(each.name).startsWith(folded(typed)));
  return number && !isName ? { crew: name, incident: number } : { crew: typed.trim(), incident: null };
}

/** The crew as the candidates of an incident judge it; asked for, because it decides. */
async function judged(incident, crew) {
  const answer = await get(`/incidents/${incident.id}/candidates?radius_m=${state.radiusM}`);
  return { answer, candidate: answer.candidates.find((each) => each.crew_id === crew.id) ?? null };
}

function sayJudged(candidate, crew) {
  if (!candidate) return _("outside the radius");
  return [arrivalLabel(candidate), distanceLabel(candidate), verdictLabel(candidate, crew)].filter(Boolean).join(" · ");
}

/** Whether it goes at a word; any other has to be sent "anyway", as in the panel. */
const isFit = (candidate) => Boolean(candidate) && candidate.verdict !== "excluded";

const cannotCome = (crew, candidate) => _("%(crew)s cannot come: %(why)s.", { crew: crew.name, why: candidate ? verdictLabel(candidate, crew) : _("outside the radius") });

async function sendTo(crew, incident, { answer, candidate }) {
  select("incident", incident.id);
  return send(incident, { id: crew.id, name: crew.name }, { expectedVersion: answer.incident_version, queue: Boolean(candidate && isBusy(candidate)) });
}

/** First which crew, then to what; the last line says when it would be there, and Enter sends. */
async function suggestSend(typed) {
  const { crew: half, incident: other } = halves(typed);
  if (other === null || crewsMeant(half).length > 1) {
    const chosen = selectedIncident();
    const target = other ?? (chosen ? `#${chosen.id}` : "");
    return crewsLike(half).slice(0, MOST).map((crew) => ({ label: crew.name, detail: [crewState(crew.state), crew.station_name].filter(Boolean).join(" · "), fill: `${crew.name} → ${target}` }));
  }
  const crew = crewMeant(half);
  const incident = incidentNumbered(other);
  if (!incident) return incidentsLike(other).slice(0, MOST).map((each) => ({ label: incidentTitle(each), detail: sayIncident(each), fill: `${crew.name} → #${each.id}` }));
  const known = await judged(incident, crew);
  if (known.candidate && isForbidden(known.candidate)) throw new CommandError(cannotCome(crew, known.candidate));
  const names = { crew: crew.name, incident: incidentTitle(incident) };
  return [{
    label: isFit(known.candidate) ? _("Send %(crew)s to %(incident)s", names) : _("Send %(crew)s to %(incident)s anyway", names),
    detail: sayJudged(known.candidate, crew),
    run: () => sendTo(crew, incident, known),
  }];
}

/** What goes to nobody by a guess: only a crew and a number that are meant, and a crew that can. */
async function runSend(typed) {
  const { crew: half, incident: other } = halves(typed);
  const crew = crewMeant(half);
  const incident = incidentNumbered(other ?? "");
  if (!incident) {
    throw new CommandError(/^#?\d+$/u.test(other ?? "")
      ? _("No open incident has the number %(number)s.", { number: other.replace(/^#/, "") })
      : _("Say where to send it: %(example)s", { example: `/send ${crew.name} → #12` }));
  }
  const known = await judged(incident, crew);
  if (!isFit(known.candidate)) throw new CommandError(cannotCome(crew, known.candidate));
  await sendTo(crew, incident, known);
}

function both(typed) {
  const incidents = incidentsLike(typed).map((incident) => ({ label: incidentTitle(incident), detail: sayIncident(incident), run: () => select("incident", incident.id) }));
  const crews = typed.trim() ? crewsLike(typed).map((crew) => ({ label: crew.name, detail: crewState(crew.state), run: () => select("crew", crew.id) })) : [];
  return [...incidents.slice(0, MOST), ...crews.slice(0, MOST)].slice(0, MOST);
}

function runSelect(typed) {
  const [first] = both(typed);
  if (!first) throw new CommandError(_("Neither an incident nor a crew is called %(name)s.", { name: typed }));
  first.run();
}

function runRadius(typed) {
  const metres = readRadius(typed);
  if (metres === null) throw new CommandError(_("A radius is a distance, such as 800 m or 2.5 km."));
  takeRadius(metres);
}

/** Follow what is named, else what is chosen; without either, stop. */
function runFollow(typed) {
  const named = typed ? crewsLike(typed)[0]?.id : null;
  if (typed && !named) throw new CommandError(_("No crew is called %(name)s.", { name: typed }));
  const { kind, id } = state.selection;
  const wanted = named ?? (kind === "crew" ? id : null);
  followCrew(wanted === state.followingCrewId ? null : wanted);
}

/** "418 1", or "1" for the chosen one. */
function readPriority(typed) {
  const [, number, level] = /^(?:#?(\d+)\s+)?p?([1-4])$/i.exec(typed.trim()) ?? [];
  const incident = number ? state.incidents.get(Number(number)) : selectedIncident();
  return { incident, level: level ? Number(level) : null };
}

async function runPriority(typed) {
  const { incident, level } = readPriority(typed);
  if (!incident || !level) throw new CommandError(_("Give the incident and its priority, such as 418 1."));
  await setPriority(incident, level);
}

function suggestPriority(typed) {
  const { incident } = readPriority(`${typed.trim()} 1`.trim());
  const target = readPriority(typed).incident ?? incident ?? selectedIncident();
  if (!target) return [];
  return PRIORITIES.map((level) => ({ label: `P${level} ${priorityLabel(level)}`, detail: incidentTitle(target), run: () => setPriority(target, level) }));
}

function runGroup(typed) {
  const wanted = typed.trim().toLocaleLowerCase();
  const code = Object.keys(GROUPINGS).find((each) => each === wanted || GROUPINGS[each]().toLocaleLowerCase() === wanted);
  if (!code) throw new CommandError(_("The queue is grouped by state, priority, zone or kind."));
  setOrder({ group: code });
}

/** Close or cancel from the line: the words after the number are the reason, which has to be given. */
function runDecision(what) {
  return async (typed) => {
    const [, number, reason] = /^#?(\d+)\s+(.+)$/u.exec(typed.trim()) ?? [];
    const incident = number ? state.incidents.get(Number(number)) : null;
    if (!incident) throw new CommandError(_("Give the incident and the reason, such as 418 repaired."));
    await decide(incident, what, reason);
  };
}

export function addOwnCommands() {
  const incidents = () => _("Incidents");
  const map = () => _("Map");
  addCommand({ id: "desk.send", needs: "assignment.send", group: incidents, title: () => _("Send a crew to an incident"), words: ["send", "派", "派单"], usage: () => _("crew → incident"), run: runSend, suggest: suggestSend });
  addCommand({ id: "desk.select", group: incidents, title: () => _("Choose an incident or a crew"), words: ["select", "选", "选择"], usage: () => _("number or name"), run: runSelect, suggest: async (typed) => both(typed) });
  addCommand({ id: "desk.priority", needs: "incident.write", group: incidents, title: () => _("Set how urgent an incident is"), words: ["priority", "优先级"], usage: () => _("incident 1–4"), run: runPriority, suggest: async (typed) => suggestPriority(typed) });
  addCommand({ id: "desk.close", needs: "incident.close", group: incidents, title: () => _("Close an incident"), words: ["close", "结案"], usage: () => _("incident reason"), run: runDecision("close") });
  addCommand({ id: "desk.cancel", needs: "incident.close", group: incidents, title: () => _("Cancel an incident"), words: ["cancel", "取消"], usage: () => _("incident reason"), run: runDecision("cancel") });
  addCommand({ id: "queue.filter", group: incidents, title: () => _("Narrow the queue; without words show all"), words: ["filter", "筛选"], usage: () => _("p1 gas open …"), run: (typed) => (typed ? useFilters(readFilters(typed)) : clearFilters()) });
  addCommand({ id: "queue.group", group: incidents, title: () => _("Group the queue"), words: ["group", "分组"], usage: () => _("state, priority, zone or kind"), run: runGroup,
    suggest: async () => Object.entries(GROUPINGS).map(([group, word]) => ({ label: word(), detail: "", run: () => setOrder({ group }) })) });
  addCommand({ id: "map.radius", group: map, title: () => _("Search radius for crews"), words: ["radius", "半径"], usage: () => sayRadius(state.radiusM), run: runRadius });
  addCommand({ id: "map.measure", group: map, title: () => _("Measure distances and areas"), keys: ["m"], words: ["measure", "测量"], when: () => hasMap, run: toggleMeasure });
  addCommand({ id: "map.follow", group: map, title: () => _("Keep a crew in view, or stop"), keys: ["Shift+F"], words: ["follow", "跟随"], usage: () => _("crew"),
    run: runFollow,
    suggest: async (typed) => crewsLike(typed).slice(0, MOST).map((crew) => ({ label: crew.name, detail: crewState(crew.state), run: () => followCrew(crew.id) })) });
}
