// Beside a candidate: by how much it would be too late for what was promised.
import { addCandidateNote } from "../sending/candidate_notes.js";
import { arrivalClock, lateWords } from "./pledge_clock.js";

addCandidateNote({
  id: "pledge",
  order: 10,
  note: ({ travel_time_s, free_in_s, reasons }, incident) => {
    if (travel_time_s === null || reasons.includes("already_assigned")) return null;
    const words = lateWords(arrivalClock(incident), (free_in_s ?? 0) + travel_time_s);
    return words ? { text: `▲ ${words}`, look: "warn" } : null;
  },
});
