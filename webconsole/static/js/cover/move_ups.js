// Crews that were asked to stand elsewhere, as the desk knows them; asking one, and calling it off.
import { ApiError, get, newKey, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { emit, on, touch } from "../core/store.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { areaName } from "./cover_labels.js";

const alive = new Map();
let asked = false;

/** The move-up of a crew that is alive, or null; the list is loaded with the first question. */
export function moveUpOf(crewId) {
  if (!asked) load();
  return alive.get(crewId) ?? null;
}

function take({ move_ups }) {
  alive.clear();
  for (const each of move_ups) alive.set(each.crew_id, each);
  touch("moveups");
}

async function load() {
  asked = true;
  try {
    take(await get("/moveups"));
  } catch (error) {
    asked = false; // with the next question again
    if (!(error instanceof ApiError)) throw error;
  }
}

on("event", ({ kind }) => asked && kind.startsWith("move_up.") && load());
on("reset", () => asked && load());

/** Ask the crew that restores cover; `cover` is what was told of the one that leaves. */
export async function askToMoveUp({ crew_id: leaving, area, before_pct, after_pct, restore }, key = newKey()) {
  const why = { area: area.name, area_kind: area.kind, area_zh: area.name_zh, instead_of_crew_id: leaving, before_pct, after_pct, restored_pct: restore.restored_pct };
  const { crew_id, lon, lat, place } = restore;
  try {
    const made = await post("/moveups", { crew_id, lon, lat, ...(place ? { place } : {}), why, client_id: key });
    alive.set(crew_id, made);
    touch("moveups");
    noteToast(_("%(crew)s was asked to move up: %(place)s.", { crew: made.crew_name, place: made.place || areaName(area) }));
    return made;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const again = [{ label: _("Try again"), act: () => askToMoveUp({ crew_id: leaving, area, before_pct, after_pct, restore }, key) }];
    refusalToast(error.message, error.offline ? again : []);
    emit("refresh-candidates");
    return null;
  }
}

export async function callOff(moveUp) {
  try {
    await post(`/moveups/${moveUp.id}/cancel`, { client_id: newKey() });
    alive.delete(moveUp.crew_id);
    touch("moveups");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refusalToast(error.message);
    load();
  }
}
