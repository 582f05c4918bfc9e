// Which action may be sent, and when: pure rules of the outbox.
//
// An action is {clientId, number, kind, lane, after, state, why}. `state`: "waiting" until the server
// has it, "refused" once it said no, "sent" while the page takes in the answer. Each lane goes in
// order and none waits for another: an SOS stands behind no photo.

/** In the order in which they are begun. */
export const LANES = ["sos", "safety", "steps", "words", "files"];
const LANE_OF = { sos: "sos", "check-in": "safety", "need-help": "safety", message: "words", note: "words" };

export const laneOf = (kind, hasBlob) => (hasBlob ? "files" : LANE_OF[kind] ?? "steps");

/** By number; one that has none yet is the newest. */
export const inOrder = (actions) => [...actions].sort((a, b) => a.number - b.number);

/** A refusal that only says that it is done already stops nothing that comes after it. */
const stops = ({ state, why }) => state === "refused" && !why?.already;

const known = (actions) => new Map(actions.map((action) => [action.clientId, action]));

/** The refused action because of which this one cannot be sent, or null. */
export function stoppedBy(action, actions) {
  const byId = known(actions);
  const seen = new Set();
  const look = (each) => {
    for (const id of each.after) {
      const before = byId.get(id);
      if (!before || seen.has(id)) continue;
      seen.add(id);
      const found = stops(before) ? before : look(before);
      if (found) return found;
    }
    return null;
  };
  return look(action);
}

/** This action and all that come after it, however far. */
export function withFollowers(clientId, actions) {
  const taken = new Set([clientId]);
  for (const action of inOrder(actions)) if (action.after.some((id) => taken.has(id))) taken.add(action.clientId);
  return actions.filter((action) => taken.has(action.clientId));
}

/** What goes when it is put away: it, and what its refusal stopped. */
export const goingWith = (action, actions) => (stops(action) ? withFollowers(action.clientId, actions) : [action]);

/** What is not told yet and will be: neither refused nor stopped by what was. */
export const underWay = (actions) => actions.filter((action) => action.state === "waiting" && !stoppedBy(action, actions));

/**
 * The action of a lane that goes next, or null. `rests(clientId)`: it failed a moment ago by itself,
 * and others go first; what comes after it waits with it.
 */
export function nextOf(lane, actions, rests = () => false) {
  const byId = known(actions);
  const done = (id) => {
    const before = byId.get(id);
    return !before || before.state === "sent" || (before.state === "refused" && !stops(before));
  };
  const may = (action) => action.lane === lane && action.state === "waiting" && !rests(action.clientId) && action.after.every(done);
  return inOrder(actions).find(may) ?? null;
}
