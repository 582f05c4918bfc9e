// Notice in an incident's panel of what is not done yet: why nobody could do it, or in which other
// incident the repair follows.
import { el, fill } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { select, state } from "../core/store.js";
import { dueWords, endedWith, isNotDone, lastEnded, openFollowUp, shownState, wordsOf } from "./outcome_labels.js";

const link = (id, words) => el("button.link", { type: "button", onclick: () => select("incident", id) }, words);
const numbered = (id) => (state.incidents.get(id) ? incidentTitle(state.incidents.get(id)) : `#${id}`);

function notDone(incident) {
  const last = lastEnded(incident, "not_done");
  if (!last || incident.outcome_effect !== "not_done") return null;
  const words = wordsOf(last);
  return el(isNotDone(incident) ? "div.not-done.loud" : "div.not-done", {},
    el("strong", {}, _("Not done: %(outcome)s", { outcome: endedWith(last) })),
    el("div", {}, `${last.crew_name} · ${clock(last.ended_at, { seconds: false })}`),
    words ? el("blockquote", {}, words) : null);
}

function madeSafe(incident) {
  if (shownState(incident) !== "made_safe") return null;
  const follow = openFollowUp(incident);
  return el("div.made-safe", {},
    el("strong", {}, _("Made safe, not repaired yet")),
    follow
      ? el("div", {}, _("The repair follows in"), " ", link(follow.id, numbered(follow.id)), ` · ${dueWords(follow)}`)
      : el("div", {}, incident.follow_up_id ? [_("Its follow-up is over:"), " ", link(incident.follow_up_id, `#${incident.follow_up_id}`)] : _("It has no follow-up.")));
}

function followUp(incident) {
  if (!incident.follow_up_of) return null;
  return el("div.follow-up", {}, _("Follow-up of"), " ", link(incident.follow_up_of, numbered(incident.follow_up_of)), incident.state === "open" ? ` · ${dueWords(incident)}` : "");
}

export class OutcomeNotice {
  constructor() {
    this.node = el("section.outcome-notice", { "aria-label": _("Result") });
  }

  update(incident) {
    const shown = [notDone(incident), madeSafe(incident), followUp(incident)].filter(Boolean);
    this.node.hidden = shown.length === 0;
    fill(this.node, shown);
  }
}

/** What closing leaves open, said before it is closed; null where nothing is. */
export function leftOpen(incident) {
  if (shownState(incident) !== "made_safe") return null;
  const follow = openFollowUp(incident);
  return follow
    ? _("Made safe only: its follow-up %(incident)s stays open, %(due)s.", { incident: incidentTitle(follow), due: dueWords(follow) })
    : _("Made safe only, and no follow-up is open: report it anew if the repair is still to be done.");
}
