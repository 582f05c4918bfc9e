// Requests and events of road closures: creating, lifting; each changes travel times.
import { ApiError, newKey, post } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { emit, putClosure } from "../core/store.js";
import { noteToast, refusalToast } from "../widgets/toasts.js";
import { closureState } from "./closure_state.js";

const ASK_MS = [250, 1200];
let asking = [];

/**
 * Paths and travel times change. Every worker follows within a second: ask soon, and once more.
 * A closure of our own is heard of three times (answer, stream, map): that is one change.
 */
export function roadsChanged() {
  asking.forEach(clearTimeout);
  asking = ASK_MS.map((ms) => setTimeout(() => emit("roads"), ms));
}

/** Take what the stream says of a closure; true when it said something of one. */
export function applyClosureEvent(event) {
  if (!event.kind.startsWith("closure.") || !event.data?.closure) return false;
  putClosure(event.data.closure);
  roadsChanged();
  return true;
}

/** Close. Throws ApiError so that the form can show it at the field. */
export async function close(fields, key) {
  const closure = await post("/closures", fields, { key });
  putClosure(closure);
  roadsChanged();
  noteToast(closureState(closure) === "planned"
    ? _("Will be closed from %(time)s.", { time: clock(closure.from_at, { seconds: false }) })
    : _("Closed. Travel times go round it from now on."));
  return closure;
}

export async function lift(closure, reason) {
  try {
    putClosure(await post(`/closures/${closure.id}/lift`, reason ? { reason } : {}, { key: newKey() }));
    roadsChanged();
    noteToast(_("The roads are open again."));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    refusalToast(error.message);
  }
}
