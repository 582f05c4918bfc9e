// Searching for what was typed, and going to what was chosen. The box, the command line and other
// windows all use this.
import { CommandError } from "../command_line/command_error.js";
import { addCommand } from "../command_line/registry.js";
import { get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { distance } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { select } from "../core/store.js";
import { isPinning, movePin, onGround, pinAt, refuseOutside } from "../incidents/pinning.js";
import { onWindowMessage, otherWindows, postToWindows } from "../live/window_sync.js";
import { hasMap } from "../live/window_view.js";
import { lookAt, showFound } from "./found_layer.js";
import { noteToast } from "../widgets/toasts.js";
import { addressDoubt, resultDetail, resultTitle } from "./result_labels.js";

const MOST = 10;

/** What a text may mean: results as the API has them, the nearest to `at` first among equals. */
export async function find(words, at, { signal, limit = MOST } = {}) {
  const asked = new URLSearchParams({ q: words, limit: String(limit) });
  if (at) {
    asked.set("lon", String(at.lon));
    asked.set("lat", String(at.lat));
  }
  return (await get(`/search?${asked}`, { signal })).results;
}

/** What stands in the address field when an incident is pinned there; coordinates are no address. */
export const addressOf = (result) => (result.kind === "coordinate" ? "" : result.label);

const placeOf = (result) => ({ lon: result.lon, lat: result.lat, address: addressOf(result), doubt: addressDoubt(result) });

/** While a form has the pin nothing that is found may close it: a place moves the pin. */
function chooseForPin(result) {
  const isPlace = result.kind !== "crew" && result.kind !== "incident";
  if (isPlace && !onGround(result)) refuseOutside();
  else if (isPlace) {
    movePin(placeOf(result));
    if (hasMap) lookAt(result);
  } else if (result.lon !== null && hasMap) lookAt(result);
  else noteToast(_("Save or cancel what is open first."));
}

/** Go there: crews and incidents are chosen, a place is shown and can be pinned. */
export function choose(result) {
  if (isPinning()) {
    chooseForPin(result);
    return;
  }
  if (result.kind === "crew" || result.kind === "incident") {
    select(result.kind, result.id);
    if (result.lon !== null && hasMap) lookAt(result);
    return;
  }
  if (!onGround(result)) {
    refuseOutside();
    return;
  }
  if (hasMap) showFound(result, placeOf(result));
  else if (otherWindows().some((each) => each.view !== "queue")) postToWindows("found", { result });
  else pinAt(placeOf(result)); // no map to show it on
}

const asOption = (result) => ({
  label: resultTitle(result),
  detail: [resultDetail(result), result.distance_m === null ? "" : distance(result.distance_m)].filter(Boolean).join(" · "),
  run: () => choose(result),
});

/** `/find 人民路 12`, and the key for the box. `focus()` puts the keyboard into the box. */
export function addFindCommand({ centre, focus }) {
  onWindowMessage("found", ({ result }) => hasMap && (isPinning() ? chooseForPin(result) : showFound(result, placeOf(result))));
  addCommand({
    id: "find",
    title: () => _("Find an address, a street, a crossing, a place, a crew or an incident"),
    keys: ["f"],
    words: ["find", "找"],
    usage: () => _("what"),
    suggest: async (words) => (words.trim() ? (await find(words, centre())).map(asOption) : []),
    async run(words) {
      if (!words) {
        focus();
        return;
      }
      const [best] = await find(words, centre(), { limit: 1 });
      if (!best) throw new CommandError(_("Nothing found for “%(words)s”.", { words }));
      choose(best);
    },
  });
}

/** Whether there are streets to find; before the first import only the desk's own things are. */
export const hasGround = () => Boolean(boot.ground_id);
