// Comparison of two crews: how much later, how much further. It stands under the list, where it
// pushes no row away.
import { candidatePath } from "../assignments/road_paths.js";
import { el, text } from "../core/dom.js";
import { distance, duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { compareCrew, on, state } from "../core/store.js";

const SAME_S = 30;
const SAME_M = 50;

/** "3 min slower, 1.1 km longer"; null where nothing is known. `waits`: one of them is busy. */
export function difference(seconds, metres, { waits = false } = {}) {
  const parts = [];
  if (seconds !== null) {
    const by = duration(Math.max(60, Math.abs(seconds)));
    if (Math.abs(seconds) < SAME_S) parts.push(_("as fast"));
    else if (waits) parts.push(seconds > 0 ? _("arrives %(time)s later", { time: by }) : _("arrives %(time)s sooner", { time: by }));
    else parts.push(seconds > 0 ? _("%(time)s slower", { time: by }) : _("%(time)s faster", { time: by }));
  }
  if (metres !== null) {
    const by = distance(Math.abs(metres));
    if (Math.abs(metres) < SAME_M) parts.push(_("as far"));
    else parts.push(metres > 0 ? _("%(way)s longer", { way: by }) : _("%(way)s shorter", { way: by }));
  }
  return parts.join(_(", "));
}

/** From now until it is there, what it has in hand included; null when the list does not know it. */
function arrival(crewId) {
  const found = state.candidates?.candidates.find((each) => each.crew_id === crewId);
  return typeof found?.travel_time_s === "number" ? found.free_in_s + found.travel_time_s : null;
}

const isBusy = (crewId) => (state.candidates?.candidates.find((each) => each.crew_id === crewId)?.free_in_s ?? 0) > 0;

const minus = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : null);

export class CompareBar {
  constructor(incidentId) {
    this.incidentId = incidentId;
    this.words = el("span.words");
    this.node = el("div.compare-bar", { role: "status", hidden: true }, this.words,
      el("button.quiet.icon", { type: "button", "aria-label": _("Stop comparing"), title: _("Stop comparing"), onclick: () => compareCrew(null) }, "×"));
    this.stops = [on("compare", () => this.draw()), on("hover", () => this.draw())];
    this.draw();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  async draw() {
    const held = state.compareCrewId;
    const other = state.hoverCrewId;
    this.node.hidden = held === null;
    if (held === null) {
      this.saidOf = null;
      return;
    }
    const name = (id) => state.crews.get(id)?.name ?? `#${id}`;
    const wanted = `${held}-${other}`;
    this.wanted = wanted;
    if (other === null || other === held) {
      // What was said of the two stays to be read after the pointer has left.
      if (this.saidOf !== held) text(this.words, _("%(crew)s is held. Point at another crew to compare.", { crew: name(held) }));
      return;
    }
    const [one, two] = await Promise.all([candidatePath(this.incidentId, held), candidatePath(this.incidentId, other)]);
    if (this.wanted !== wanted) return;
    const waits = isBusy(held) || isBusy(other);
    const seconds = waits ? minus(arrival(other), arrival(held)) : minus(two.facts.travel_time_s, one.facts.travel_time_s);
    const said = difference(seconds, minus(two.facts.length_m, one.facts.length_m), { waits });
    this.saidOf = held;
    text(this.words, said
      ? _("%(crew)s: %(difference)s than %(held)s.", { crew: name(other), difference: said, held: name(held) })
      : one.unknown || two.unknown ? _("The two cannot be compared right now.") : _("No road leads there for one of the two."));
  }
}
