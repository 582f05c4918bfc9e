// What sending a candidate uncovers, said in its row some moments after the list is there, and the
// crew that would restore it. Asked for the first few rows only; nobody's send waits for it.
import { ApiError, get } from "../core/api.js";
import { el, text } from "../core/dom.js";
import { travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, selectedIncident, state, touch } from "../core/store.js";
import { addIncidentSection } from "../incidents/section_registry.js";
import { addCandidateAct, addCandidateNote } from "../sending/candidate_notes.js";
import { areaName, coverWords } from "./cover_labels.js";
import { aimingIn } from "../widgets/scroll_anchor.js";
import { askToMoveUp, callOff, moveUpOf } from "./move_ups.js";

const ROWS = 3;
const LEAST_MS = 8000;
const WARN_PCT = 10;

const about = (incidentId) => ({ incidentId, withinS: 0, byCrew: new Map(), heard: null, askedMs: -Infinity, look: "" });
/** What is known of the incident that is looked at: cover by crew. */
let told = about(null);
/** Incidents whose crew left a hole: {cover, withinS} by incident. */
const holes = new Map();

const idle = ({ verdict, workload }) => verdict !== "excluded" && !workload.active;

/** Let the rows say it; not while a hand aims there, for a row that says more is higher. */
function show() {
  const list = document.querySelector(".candidates-panel .candidates");
  if (!told.heard || (list && aimingIn(list))) return;
  Object.assign(told, told.heard, { heard: null });
  touch("compare"); // the rows are written again
}

on("rested", show);

async function ask() {
  const incident = selectedIncident();
  const ids = (state.candidates?.candidates ?? []).filter(idle).slice(0, ROWS).map(({ crew_id }) => crew_id);
  if (!incident || !ids.length) return;
  if (told.incidentId !== incident.id) told = about(incident.id);
  const look = ids.join();
  if (look === told.look && performance.now() - told.askedMs < LEAST_MS) return;
  const mine = told;
  Object.assign(mine, { look, askedMs: performance.now() });
  try {
    const { crews, within_s: withinS } = await get(`/incidents/${incident.id}/cover?crew_ids=${look}`);
    mine.heard = { withinS, byCrew: new Map(crews.map((each) => [each.crew_id, each])) };
    if (mine === told) show();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // a row without it stands as it is
  }
}

on("candidates", ask);
on("moveups", () => {
  touch("compare");
  touch("incidents");
});
on("sent", ({ incidentId, crewId }) => {
  const cover = told.incidentId === incidentId ? told.byCrew.get(crewId) : null;
  if (!cover?.area) return;
  holes.set(incidentId, { cover, withinS: told.withinS });
  touch("incidents");
});

const coverOf = (candidate, incident) => {
  const cover = told.incidentId === incident.id ? told.byCrew.get(candidate.crew_id) : null;
  return cover?.area ? cover : null;
};

addCandidateNote({
  id: "moving-up",
  order: 60,
  note: ({ crew_id }) => {
    const moveUp = moveUpOf(crew_id);
    return moveUp ? { text: _("moving up: %(place)s", { place: moveUp.place || moveUp.area }) } : null;
  },
});

addCandidateNote({
  id: "cover",
  needs: "assignment.send",
  order: 70,
  note: (candidate, incident) => {
    const cover = coverOf(candidate, incident);
    if (!cover) return null;
    return { text: coverWords(cover, told.withinS), look: cover.before_pct - cover.after_pct >= WARN_PCT ? "warn" : undefined };
  },
});

const moveUpLabel = ({ restore }) => (restore && !moveUpOf(restore.crew_id) ? _("Move up %(crew)s", { crew: restore.crew_name }) : null);

/** Who would stand where, how soon, and what that restores. */
function moveUpTitle({ area, restore }, leaving) {
  const names = {
    crew: restore.crew_name, area: areaName(area), n: restore.restored_pct,
    place: restore.place || _("where %(crew)s stands", { crew: leaving }),
    time: restore.travel_time_s === null ? _("no road time") : travelTime(restore.travel_time_s),
  };
  return _("%(crew)s to %(place)s (%(time)s): cover of %(area)s %(n)s %", names);
}

addCandidateAct({
  id: "move-up",
  order: 70,
  label: (candidate, incident) => {
    const cover = coverOf(candidate, incident);
    return cover ? moveUpLabel(cover) : null;
  },
  title: (candidate, incident) => moveUpTitle(coverOf(candidate, incident), candidate.crew_name),
  act: (candidate, incident) => askToMoveUp(coverOf(candidate, incident)),
});

/** After the click: what is uncovered now, and who would restore it. */
class Hole {
  constructor(incidentId) {
    this.id = incidentId;
    this.said = el("p.note.warn");
    this.how = el("p");
    this.go = el("button.secondary.small", { type: "button", onclick: () => askToMoveUp(holes.get(this.id).cover) });
    this.off = el("button.secondary.small", { type: "button", onclick: () => callOff(this.moveUp) }, _("Call off"));
    this.gone = el("button.quiet.small", { type: "button", onclick: () => this.#dismiss() }, _("Leave it so"));
    this.node = el("div.cover-hole", {}, this.said, this.how, el("div.others", {}, this.go, this.off, this.gone));
    this.stop = on("moveups", () => this.update());
  }

  close() {
    this.stop();
  }

  #dismiss() {
    holes.delete(this.id);
    touch("incidents");
  }

  update() {
    const hole = holes.get(this.id);
    if (!hole) return;
    const { cover, withinS } = hole;
    this.moveUp = cover.restore ? moveUpOf(cover.restore.crew_id) : null;
    const label = moveUpLabel(cover);
    text(this.said, coverWords(cover, withinS));
    const crew = state.crews.get(cover.crew_id)?.name ?? "";
    if (this.moveUp) text(this.how, _("%(crew)s was asked to move up: %(place)s.", { crew: this.moveUp.crew_name, place: this.moveUp.place || areaName(cover.area) }));
    else text(this.how, cover.restore ? moveUpTitle(cover, crew) : _("No idle crew could restore it without uncovering as much."));
    this.go.hidden = !label;
    text(this.go, label ?? "");
    this.off.hidden = !this.moveUp;
  }
}

addIncidentSection({
  id: "cover",
  order: 11,
  kept: false,
  title: () => _("Left uncovered"),
  when: ({ id, state: at }) => holes.has(id) && !["closed", "cancelled", "merged"].includes(at),
  make: (id) => new Hole(id),
});
