// State of a closure by the server's clock: it begins and ends without any event being sent.
import { now } from "../core/clock.js";

/** planned, active or over, at this moment. */
export function closureState(closure) {
  const at = now();
  if (closure.lifted_at || (closure.until_at && Date.parse(closure.until_at) <= at)) return "over";
  return Date.parse(closure.from_at) <= at ? "active" : "planned";
}
