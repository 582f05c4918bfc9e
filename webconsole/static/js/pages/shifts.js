// The page of shifts: the week of all crews, gaps, swaps, and what the rota is made of.
import { loadMessages } from "../core/i18n.js";
import { GapList } from "../shifts/gap_list.js";
import { RotaSection } from "../shifts/rota_section.js";
import { SwapList } from "../shifts/swap_list.js";
import { WeekGrid } from "../shifts/week_grid.js";

await loadMessages();

const parts = [];
/** What one part changes the others show. */
const changed = () => Promise.all(parts.map((part) => part.load()));
for (const [id, Part] of [["week", WeekGrid], ["gaps", GapList], ["swaps", SwapList], ["rota", RotaSection]]) {
  parts.push(new Part(document.getElementById(id), { changed }));
}
await changed();
document.body.dataset.ready = "true";
