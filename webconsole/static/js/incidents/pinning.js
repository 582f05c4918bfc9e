// Starting a new incident at a place on the map, as long as there are roads to drive on.
import { runCommand } from "../command_line/registry.js";
import { boot, may } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { select, setDraft, state } from "../core/store.js";
import { keptDraft } from "../intake/form_draft.js";
import { hasMap } from "../live/window_view.js";
import { noteToast } from "../widgets/toasts.js";

/** Whether a place lies on the imported ground; anything does while none is. */
export function onGround({ lon, lat }) {
  if (!boot.bounds) return true;
  const [west, south, east, north] = boot.bounds;
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/** Say why nothing is pinned out there. */
export function refuseOutside() {
  noteToast(_("That place is outside the map of %(ground)s: no road is known there. Pin it inside the frame.", { ground: boot.ground_name ?? "" }));
}

/** Open the form for a new incident at a place. */
export function pinAt(place) {
  if (!may("incident.write")) return;
  if (!onGround(place)) {
    refuseOutside();
    return;
  }
  setDraft(place);
  select("pin");
}

/** Whether a form with a pin is open, here or in another window: a new incident or a change. */
export const isPinning = () => state.draft !== null || state.selection.kind === "pin" || state.selection.kind === "edit";

/** Move the pin of the open form to a place that was chosen, with its address. */
export const movePin = (place) => setDraft({ ...place, chosen: true });

/** Open the form again that a reload closed, with what was typed in it. */
export function resumeReport() {
  const kept = keptDraft();
  if (kept && state.selection.kind === null) pinAt({ lon: kept.lon, lat: kept.lat });
}

/** Open the form at the middle of the map; where no map is seen, a place has to be found first. */
export function pinInTheMiddle(centre) {
  if (hasMap) {
    pinAt(centre());
    return;
  }
  noteToast(_("Find the place first: this window has no map."));
  runCommand("find");
}
