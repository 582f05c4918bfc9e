// Registry of what other rooms say in an incident's row. A row has four lines, whatever is said.
const notes = [];

/**
 * A note:
 *   id      unique
 *   order   which of several goes first; the least does
 *   note    (incident) => null, or {text, pressing?, loud?}. Asked every second, so it only looks up.
 *           `pressing`: stands in the line of the caller's words, in their place; else at the end of
 *           the line that says who comes, where there is room. `loud`: a person has to see to it now.
 */
export function addRowNote(note) {
  notes.push({ order: 50, ...note });
  notes.sort((a, b) => a.order - b.order);
}

/** All notes on an incident: {pressing: text, other: text, loud}. */
export function rowNotes(incident) {
  const said = notes.map((each) => each.note(incident)).filter(Boolean);
  const words = (which) => said.filter(which).map((each) => each.text).join(" · ");
  return {
    pressing: words((each) => each.pressing || each.loud),
    other: words((each) => !each.pressing && !each.loud),
    loud: said.some((each) => each.loud),
  };
}
