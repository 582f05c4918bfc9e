// Why a crew was sent: the candidates of that moment, their numbers, and the crew that was chosen.
import { el, fill } from "../core/dom.js";
import { age, clock, distance, duration, travelTime } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { drivenLabel } from "../core/labels.js";
import { reasonLabel } from "../sending/candidate_labels.js";

const VERDICT = {
  recommended: () => _("recommended"),
  possible: () => _("possible"),
  excluded: () => _("not possible"),
};

/** Minutes until there: what is left to do, and the way. */
export const arrivalOf = (candidate) =>
  typeof candidate.travel_time_s === "number" ? travelTime((candidate.free_in_s ?? 0) + candidate.travel_time_s) : "–";

/** What it cost to send another crew, and the reason that was chosen. */
export function overrideWords({ recommended_crew_name: crew, cost_s: costS, name_en, name_zh, words, said_by: who }) {
  const cost = typeof costS !== "number" ? _("what that cost is not known") : costS >= 0 ? _("there %(time)s later", { time: duration(costS) }) : _("there %(time)s sooner", { time: duration(-costS) });
  const why = [isChinese() ? name_zh : name_en, words].filter(Boolean).join(": ");
  const said = why ? _("%(why)s (%(who)s)", { why, who }) : _("nobody said why");
  return [_("instead of %(crew)s", { crew }), cost, said].join(" · ");
}

/** Who was not in the list, and on which roads it was computed. */
function surroundings({ not_listed: further, unlocated, network, metric }) {
  return [
    further ? _("on duty further away: %(n)s", { n: further }) : "",
    unlocated?.length ? _("on duty, place unknown: %(names)s", { names: unlocated.join(", ") }) : "",
    network ? _("road network %(network)s, weights %(metric)s", { network: network.slice(0, 8), metric: (metric ?? "").slice(0, 8) }) : "",
  ].filter(Boolean).join(" · ");
}

function row(candidate, decision) {
  const chosen = candidate.crew_id === decision.crew_id;
  const work = candidate.workload.active + candidate.workload.queued;
  const why = candidate.reasons.map(reasonLabel).join(", ");
  return el(
    `tr${chosen ? ".chosen" : ""}`,
    { data: { crewId: candidate.crew_id, verdict: candidate.verdict } },
    el("th", { scope: "row" }, chosen ? el("span.sent-mark", {}, "✓ ", el("span.off-screen", {}, _("sent"))) : "", candidate.crew_name),
    el("td.number", {}, [arrivalOf(candidate), ...drivenLabel(candidate)].join(" ")),
    el("td.number", {}, typeof candidate.way_length_m === "number" ? distance(candidate.way_length_m) : "–"),
    el("td.number", {}, distance(candidate.distance_m)),
    el("td.number", {}, String(work)),
    el("td.number", {}, age(candidate.fix_age_s)),
    el("td", {}, [VERDICT[candidate.verdict]?.() ?? candidate.verdict, why].filter(Boolean).join(": ")),
  );
}

function table(candidates, decision) {
  const head = [_("Crew"), _("Time"), _("By road"), _("Straight"), _("Orders"), _("Fix"), _("Verdict")];
  return el("table.decision-table", {},
    el("thead", {}, el("tr", {}, head.map((words) => el("th", { scope: "col" }, words)))),
    el("tbody", {}, candidates.map((candidate) => row(candidate, decision))));
}

export class DecisionPanel {
  constructor(past) {
    this.past = past;
    this.body = el("div");
    this.node = el("section.replay-decision", { "aria-label": _("Decision") }, el("h2", {}, _("Decision")), this.body);
    this.shown = undefined;
    this.node.hidden = past.decisions.length === 0;
  }

  show(atS) {
    const decision = this.past.decisionAt(atS);
    if (decision === this.shown) return;
    this.shown = decision;
    if (!decision) {
      fill(this.body, el("p.why", {}, _("Nobody has been sent yet.")));
      return;
    }
    fill(this.body, this.#words(decision), this.#tables(decision));
  }

  #words(decision) {
    const recommended = decision.candidates.find(({ verdict }) => verdict === "recommended");
    const followed = recommended?.crew_id === decision.crew_id;
    const sent = _("%(time)s: %(who)s sent %(crew)s to #%(incident)s", { time: clock(decision.decided_at), who: decision.sent_by, crew: decision.crew_name, incident: decision.incident_id });
    const how = followed ? _("as recommended") : recommended ? _("recommended was %(crew)s", { crew: recommended.crew_name }) : _("nobody was recommended");
    return [
      el("p.decision-words", {}, el("b", {}, sent), `, ${how}.`),
      decision.override ? el("p.decision-reason.override", {}, overrideWords(decision.override)) : null,
      decision.reason ? el("p.decision-reason", {}, _("Reason: %(reason)s", { reason: decision.reason })) : null,
    ].filter(Boolean);
  }

  #tables(decision) {
    const { candidates } = decision;
    const possible = candidates.filter(({ verdict, crew_id }) => verdict !== "excluded" || crew_id === decision.crew_id);
    const excluded = candidates.filter((candidate) => !possible.includes(candidate));
    const parts = possible.length ? [table(possible, decision)] : [];
    if (excluded.length) {
      parts.push(el("details", {}, el("summary", {}, _("Not possible then: %(n)s", { n: excluded.length })), table(excluded, decision)));
    }
    if (typeof decision.radius_m === "number") parts.push(el("p.why", {}, _("Looked for within %(radius)s; the numbers are those of that moment.", { radius: distance(decision.radius_m) })));
    const around = surroundings(decision);
    if (around) parts.push(el("p.why", {}, around));
    return parts;
  }
}
