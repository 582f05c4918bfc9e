// Crews and incidents by what people type: all that may be meant, and the only one that can be.
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { state } from "../core/store.js";
import { CommandError } from "./command_error.js";

const OPEN = new Set(["open", "assigned", "on_scene", "resolved"]);

/** Letters and digits alone: "crew-12" and "Crew 12" are one name. */
export const folded = (words) => words.toLocaleLowerCase().replace(/[\s#_-]+/gu, "");

/** How well a crew fits: 0 is its own name or number, null not at all. */
function crewScore(crew, wanted) {
  if (!wanted) return 3;
  const name = folded(crew.name);
  if (name === wanted || String(crew.id) === wanted || name === `crew${wanted}`) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : null;
}

function crewsByScore(typed) {
  const wanted = folded(typed);
  return [...state.crews.values()].map((crew) => ({ crew, score: crewScore(crew, wanted) })).filter((each) => each.score !== null)
    .sort((a, b) => a.score - b.score || a.crew.name.localeCompare(b.crew.name, undefined, { numeric: true }));
}

/** Crews whose name or number begins with, or holds, what was typed; the nearest match first. */
export const crewsLike = (typed) => crewsByScore(typed).map(({ crew }) => crew);

/** The crews of exactly this name or number, else all that it may mean. */
export function crewsMeant(typed) {
  const found = crewsByScore(typed);
  const exact = found.filter(({ score }) => score === 0);
  return (exact.length ? exact : found).map(({ crew }) => crew);
}

/** The only crew that can be meant; else a CommandError. */
export function crewMeant(typed) {
  const [crew, ...others] = typed ? crewsMeant(typed) : [];
  if (!crew) throw new CommandError(_("No crew is called %(name)s.", { name: typed || "?" }));
  if (others.length) throw new CommandError(_("Several crews match %(name)s. Enter the full name.", { name: typed }));
  return crew;
}

const numberOf = (typed) => typed.trim().replace(/^#/, "").toLocaleLowerCase();
const isOpen = (incident) => OPEN.has(incident.state);

export function incidentsLike(typed) {
  const wanted = numberOf(typed);
  const score = (incident) => {
    if (!wanted) return 2;
    if (String(incident.id) === wanted) return 0;
    if (String(incident.id).startsWith(wanted)) return 1;
    return `${incidentTitle(incident)} ${incident.address}`.toLocaleLowerCase().includes(wanted) ? 2 : null;
  };
  return [...state.incidents.values()].filter(isOpen).map((incident) => ({ incident, score: score(incident) }))
    .filter((each) => each.score !== null).sort((a, b) => a.score - b.score || a.incident.priority - b.incident.priority || a.incident.id - b.incident.id).map(({ incident }) => incident);
}

/** The incident of exactly this number, as long as it is open; undefined when there is none. */
export const incidentNumbered = (typed) => [...state.incidents.values()].find((each) => isOpen(each) && String(each.id) === numberOf(typed));
