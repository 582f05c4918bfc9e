// Which order a crew sent now would replace, if any: nobody who is on scene, and none by a guess.
import { liveAssignments } from "../core/store.js";

/** Live orders that one click may replace. */
export const replaceable = (incident) => liveAssignments(incident).filter(({ state }) => state !== "on_scene");

/**
 * The order to be replaced: the one that was chosen (`chosenId`), else the one that has not been
 * answered, else the only one. Null where several drive: then it has to be chosen.
 */
export function toReplace(incident, chosenId = null) {
  const orders = replaceable(incident);
  const unanswered = orders.filter(({ state }) => state === "offered");
  return orders.find(({ id }) => id === chosenId) ?? unanswered[0] ?? (orders.length === 1 ? orders[0] : null);
}

/** Whether to replace is what is meant first: it was chosen, or the crew asked does not answer. */
export const replacesFirst = (order, chosenId = null) => order !== null && (order.id === chosenId || order.state === "offered");
