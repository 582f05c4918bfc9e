// What the desk can be told: send, choose, look further, measure, follow, narrow the queue.
import { get } from "./api.js";
import { decide, send, setPriority } from "./actions.js";
import { CommandError } from "./commands/failing.js";
import { addCommand } from "./commands/registry.js";
import { clearFilters, readFilters, useFilters } from "./filters.js";
import { distance, travelTimeRange } from "./format.js";
import { _ } from "./i18n.js";
import { toggleMeasure } from "./map/measure.js";
import { readRadius, sayRadius, takeRadius } from "./radius.js";
import { followCrew, select, selectedIncident, state } from "./store.js";
import { GROUPINGS, setOrder } from "./queue_order.js";
import { hasMap } from "./windows/view.js";
import { PRIORITIES, crewState, incidentState, incidentTitle, priorityWord } from "./words.js";

const MOST = 9;
const ARROW = /\s*(?:→|->|=>|＞|>|到|至)\s*/u;
const OPEN = new Set(["open", "assigned", "on_scene", "resolved"]);

const folded = (words) => words.toLocaleLowerCase().replace(/[\s#_-]+/gu, "");

/** Crews whose name or number begins with, or holds, what was typed; the nearest match first. */
function crewsLike(typed) {
  const wanted = folded(typed);
  const name = (crew) => folded(crew.name);
  const score = (crew) => {
    if (!wanted) return 3;
    if (name(crew) === wanted || String(crew.id) === wanted || name(crew) === `crew${wanted}`) return 0;
    if (name(crew).startsWith(wanted)) return 1;
    return name(crew).includes(wanted) ? 2 : null;
  };
  return [...state.crews.values()].map((crew) => ({ crew, score: score(crew) })).filter((each) => each.score !== null)
    .sort((a, b) => a.score - b.score || a.crew.name.localeCompare(b.crew.name, undefined, { numeric: true })).map(({ crew }) => crew);
}

function incidentsLike(typed) {
  const wanted = typed.trim().replace(/^#/, "").toLocaleLowerCase();
  const score = (incident) => {
    if (!wanted) return 2;
    if (String(incident.id) === wanted) return 0;
    if (String(incident.id).startsWith(wanted)) return 1;
    return `${incidentTitle(incident)} ${incident.address}`.toLocaleLowerCase().includes(wanted) ? 2 : null;
  };
  return [...state.incidents.values()].filter((incident) => OPEN.has(incident.state)).map((incident) => ({ incident, score: score(incident) }))
    .filter((each) => each.score !== null).sort((a, b) => a.score - b.score || a.incident.priority - b.incident.priority || a.incident.id - b.incident.id).map(({ incident }) => incident);
}

const sayIncident = (incident) => [`P${incident.priority}`, incident.address, incidentState(incident.state)].filter(Boolean).join(" · ");

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

function sayJudged(candidate) {
  if (!candidate) return _("outside the radius");
  const seconds = (candidate.free_in_s ?? 0) + (candidate.travel_time_s ?? 0);
  const when = candidate.travel_time_s === null ? _("no road time") : travelTimeRange(candidate.earliest_s ?? seconds, candidate.latest_s ?? seconds);
  return [when, distance(candidate.distance_m), candidate.free_in_s ? _("after its present work") : ""].filter(Boolean).join(" · ");
}

async function sendTo(crew, incident, known = null) {
  const { answer, candidate } = known ?? (await judged(incident, crew));
  select("incident", incident.id);
  return send(incident, { id: crew.id, name: crew.name }, { expectedVersion: answer.incident_version, queue: (candidate?.workload.active ?? 0) > 0 });
}

/** First which crew, then to what; the last line says when it would be there, and Enter sends. */
async function suggestSend(typed) {
  const { crew: half, incident: other } = halves(typed);
  const crews = crewsLike(half).slice(0, MOST);
  const chosen = selectedIncident();
  if (other === null) {
    const target = chosen ? `#${chosen.id}` : "";
    return crews.map((crew) => ({ label: crew.name, detail: [crewState(crew.state), crew.station_name].filter(Boolean).join(" · "), fill: `${crew.name} → ${target}` }));
  }
  const [crew] = crews;
  if (!crew) throw new CommandError(_("No crew is called %(name)s.", { name: half }));
  const targets = incidentsLike(other);
  if (targets.length && (String(targets[0].id) === other.replace(/^#/, "") || targets.length === 1)) {
    const [incident] = targets;
    const known = await judged(incident, crew);
    return [{
      label: _("Send %(crew)s to %(incident)s", { crew: crew.name, incident: incidentTitle(incident) }),
      detail: sayJudged(known.candidate),
      run: () => sendTo(crew, incident, known),
    }];
  }
  return targets.slice(0, MOST).map((incident) => ({ label: incidentTitle(incident), detail: sayIncident(incident), fill: `${crew.name} → #${incident.id}` }));
}

async function runSend(typed) {
  const { crew: half, incident: other } = halves(typed);
  const [crew] = crewsLike(half);
  const [incident] = other ? incidentsLike(other) : [];
  if (!half || !crew) throw new CommandError(_("No crew is called %(name)s.", { name: half || "?" }));
  if (!incident) throw new CommandError(_("Say where to: %(example)s", { example: `/send ${crew.name} → #12` }));
  await sendTo(crew, incident);
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
  if (!incident || !level) throw new CommandError(_("Say which incident and how urgent, such as 418 1."));
  await setPriority(incident, level);
}

function suggestPriority(typed) {
  const { incident } = readPriority(`${typed.trim()} 1`.trim());
  const target = readPriority(typed).incident ?? incident ?? selectedIncident();
  if (!target) return [];
  return PRIORITIES.map((level) => ({ label: `P${level} ${priorityWord(level)}`, detail: incidentTitle(target), run: () => setPriority(target, level) }));
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
    if (!incident) throw new CommandError(_("Say which incident and why, such as 418 repaired."));
    await decide(incident, what, reason);
  };
}

export function addOwnCommands() {
  const incidents = () => _("Incidents");
  const map = () => _("Map");
  addCommand({ id: "desk.send", group: incidents, title: () => _("Send a crew to an incident"), words: ["send", "派", "派单"], usage: () => _("crew → incident"), run: runSend, suggest: suggestSend });
  addCommand({ id: "desk.select", group: incidents, title: () => _("Choose an incident or a crew"), words: ["select", "选", "选择"], usage: () => _("number or name"), run: runSelect, suggest: async (typed) => both(typed) });
  addCommand({ id: "desk.priority", group: incidents, title: () => _("Set how urgent an incident is"), words: ["priority", "优先级"], usage: () => _("incident 1–4"), run: runPriority, suggest: async (typed) => suggestPriority(typed) });
  addCommand({ id: "desk.close", group: incidents, title: () => _("Close an incident"), words: ["close", "结案"], usage: () => _("incident reason"), run: runDecision("close") });
  addCommand({ id: "queue.filter", group: incidents, title: () => _("Narrow the queue; without words show all"), words: ["filter", "筛选"], usage: () => _("p1 gas open …"), run: (typed) => (typed ? useFilters(readFilters(typed)) : clearFilters()) });
  addCommand({ id: "queue.group", group: incidents, title: () => _("Group the queue"), words: ["group", "分组"], usage: () => _("state, priority, zone or kind"), run: runGroup,
    suggest: async () => Object.entries(GROUPINGS).map(([group, word]) => ({ label: word(), detail: "", run: () => setOrder({ group }) })) });
  addCommand({ id: "map.radius", group: map, title: () => _("How far round crews are looked for"), words: ["radius", "半径"], usage: () => sayRadius(state.radiusM), run: runRadius });
  addCommand({ id: "map.measure", group: map, title: () => _("Measure distances and areas"), keys: ["m"], words: ["measure", "测量"], when: () => hasMap, run: toggleMeasure });
  addCommand({ id: "map.follow", group: map, title: () => _("Keep a crew in view, or stop"), keys: ["Shift+F"], words: ["follow", "跟随"], usage: () => _("crew"),
    run: runFollow,
    suggest: async (typed) => crewsLike(typed).slice(0, MOST).map((crew) => ({ label: crew.name, detail: crewState(crew.state), run: () => followCrew(crew.id) })) });
}
