// Manoeuvres as steps with texts to show and to speak, of the very form in which the server tells them: the
// twin of routing/guidance/instructions.py.
import { english } from "./phrases_en.js";
import { chinese } from "./phrases_zh.js";

const [EARLY_S, SOON_S] = [25, 10];
const FAR_M = [1000, 500, 300, 200, 100];
const FOLLOWS_AT_ONCE_M = 80;
const TIME_TO_SPEAK_M = 50;

const round = (value, digits = 0) => Math.round(value * 10 ** digits) / 10 ** digits;
const stepAt = (metres) => FAR_M.reduce((best, far) => (Math.abs(far - metres) < Math.abs(best - metres) ? far : best));

/** What to say before a manoeuvre: early enough to change lanes, again later, and at it. */
function alerts(phrases, before, here, there) {
  const follows = there && there.kind !== "continue" && here.distance_m < FOLLOWS_AT_ONCE_M;
  const atIt = { ahead_m: 0, text: follows ? phrases.immediately(here, there) : phrases.instruction(here) };
  if (!before) return [atIt];
  const speed = before.distance_m / Math.max(before.time_s, 1);
  const wanted = [...new Set([stepAt(speed * EARLY_S), stepAt(speed * SOON_S)])];
  const early = wanted.filter((ahead) => ahead + TIME_TO_SPEAK_M < before.distance_m);
  return [...early.map((ahead_m) => ({ ahead_m, text: phrases.announcement(here, ahead_m) })), atIt];
}

/** The steps of a path; `lonlats`: its line, `language`: "zh" or "en". */
export function writeInstructions(manoeuvres, lonlats, language) {
  const phrases = language === "zh" ? chinese : english;
  return manoeuvres.map((here, number) => {
    const there = manoeuvres[number + 1];
    const instruction = phrases.instruction(here);
    return {
      kind: here.kind,
      direction: here.direction,
      street_name: here.street_name,
      followed_name: here.followed_name,
      distance_m: round(here.distance_m, 1),
      time_s: round(here.time_s, 1),
      bearing_deg: Math.round(here.bearing_deg) % 360,
      turn_deg: Math.round(here.turn_deg),
      exit_number: here.exit_number,
      point: here.point,
      lonlat: lonlats[here.point],
      instruction,
      text: there ? phrases.step(here, there) : instruction,
      alerts: alerts(phrases, manoeuvres[number - 1], here, there),
    };
  });
}
