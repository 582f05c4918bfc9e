// Registry of what can be decided about an incident besides closing, cancelling and changing it.
import { may } from "../core/boot.js";

const decisions = new Map();

/**
 * A decision:
 *   id      unique
 *   order   where it stands among the others
 *   label   (incident) => words of its button
 *   when    (incident) => whether it can be taken; left out: while the incident has not ended
 *   needs   the permission without which it is not offered; left out: none
 *   act     (incident, {ask}) => does it. `ask(question, label, act(reason, key))` asks for a reason
 *           where the buttons are.
 */
export function addDecision(decision) {
  decisions.set(decision.id, { order: 50, when: ({ state }) => !["closed", "cancelled", "merged"].includes(state), ...decision });
}

export const decisionsFor = (incident) => [...decisions.values()].filter(({ needs, when }) => may(needs) && when(incident)).sort((a, b) => a.order - b.order);
