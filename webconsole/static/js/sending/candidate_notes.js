// Registry of what other rooms say and offer in a candidate's row.
const notes = [];
const acts = [];

/**
 * A note:
 *   id      unique
 *   order   which of several goes first; the least does
 *   note    (candidate, incident) => null, or {text, look?}. Asked again every second. `look`: a class,
 *           "warn" where it speaks against the crew.
 */
export function addCandidateNote(note) {
  notes.push({ order: 50, ...note });
  notes.sort((a, b) => a.order - b.order);
}

/**
 * An act besides sending:
 *   id      unique
 *   order   which of several goes first
 *   label   (candidate, incident) => words of its button, or null where it cannot be done
 *   title   (candidate, incident) => what it does, in a sentence
 *   act     (candidate, incident) => does it; may be async
 */
export function addCandidateAct(act) {
  acts.push({ order: 50, ...act });
  acts.sort((a, b) => a.order - b.order);
}

export const candidateNotes = (candidate, incident) => notes.map((each) => each.note(candidate, incident)).filter(Boolean);

export const candidateActs = () => acts;
