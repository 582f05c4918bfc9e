// A clock of a pledge as it is shown: shape, word and, once it warns, colour. The same in the queue, the
// panel, beside candidates and on the phone.
import { now } from "../core/clock.js";
import { clock as clockTime, duration, travelTime } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { causeLabel, goalLabel, pauseLabel } from "./pledge_labels.js";

const GOING = ["running", "paused"];
const SIGNS = { quiet: "◷", warning: "▲", missed: "✗", paused: "‖", kept: "✓", unneeded: "–" };
const due = ({ due_at }) => Date.parse(due_at ?? "") || Infinity;

export const clockName = (clock) => (isChinese() ? clock.name_zh : clock.name_en);

/** The clock that somebody has to look to first: what is due soonest, or has been longest. */
export function firstClock(incident) {
  const going = (incident.clocks ?? []).filter(({ state }) => GOING.includes(state));
  return going.sort((a, b) => due(a) - due(b) || a.id - b.id)[0] ?? null;
}

/** The clock that a crew's arrival stops, if one runs. */
export const arrivalClock = (incident) => (incident?.clocks ?? []).find(({ state, stop }) => state === "running" && stop === "on_scene") ?? null;

/** Whether its limit has passed: then nobody can be in time any more, and nobody need be told by how much. */
export const isMissed = (clock) => due(clock) <= now();

/** {look, sign, words}: how it stands now. */
export function clockLook(clock) {
  const say = (look, words) => ({ look, sign: SIGNS[look], words });
  if (clock.state === "paused") return say("paused", _("paused, %(time)s left", { time: duration(clock.left_s) }));
  if (clock.state === "running") {
    const leftS = (due(clock) - now()) / 1000;
    if (leftS < 0) return say("missed", _("%(time)s over", { time: duration(-leftS) }));
    return say(Date.parse(clock.warn_at) <= now() ? "warning" : "quiet", _("%(time)s left", { time: duration(leftS) }));
  }
  if (clock.verdict === "kept") return say("kept", _("kept in %(time)s", { time: duration(tookS(clock)) }));
  if (clock.verdict === "breached") return say("missed", [_("missed"), clock.cause ? causeLabel(clock.cause) : ""].filter(Boolean).join(": "));
  return say("unneeded", _("not needed any more"));
}

const tookS = ({ started_at, stopped_at }) => (Date.parse(stopped_at) - Date.parse(started_at)) / 1000;

/** In one sentence what was promised, and until when. */
export function clockTitle(clock) {
  const until = clock.due_at ? _("due at %(time)s", { time: clockTime(clock.due_at, { seconds: false }) }) : clock.paused_by && pauseLabel(clock.paused_by);
  return [`${goalLabel(clock.stop)}: ${clockName(clock)}`, until, clock.example ? _("example") : ""].filter(Boolean).join(" · ");
}

/** By how many seconds somebody who is there in so many would be too late; 0 or less: in time. */
export const lateByS = (clock, arrivalS) => now() / 1000 + arrivalS - due(clock) / 1000;

/** "4 min too late for the 30 min pledge"; empty when in time. */
export function lateWords(clock, arrivalS) {
  if (!clock || isMissed(clock) || arrivalS === null) return "";
  const lateS = lateByS(clock, arrivalS);
  return lateS > 0 ? _("%(late)s too late for the %(time)s pledge", { late: travelTime(lateS), time: limitWords(clock.limit_s) }) : "";
}

/** "30 min", "12 h". */
export const limitWords = (seconds) => (seconds >= 3600 && seconds % 3600 === 0 ? _("%(n)s h", { n: seconds / 3600 }) : duration(seconds));
