// Screens of the crew's page that ask whether everybody is all right, and what help is needed.
import { now } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { HELPS, helpLabel } from "./safety_labels.js";

const big = (label, act, look = "") => el(`button.big${look ? `.${look}` : ""}`, { type: "button", onclick: act }, label);

/** The time that is left, refreshed in place; nothing once it is over. */
export function countdown(node, untilMs) {
  const leftS = (untilMs - now()) / 1000;
  text(node, leftS > 0 ? timer(leftS) : _("due now"));
}

function askScreen({ title, told, untilMs }, { well, help }) {
  const left = el("time.huge");
  const screen = el(
    "div.screen.well-screen",
    {},
    el("div.ring-line", { role: "alert" }, el("b", {}, title)),
    el("div.middle", {}, el("p.notice-what", {}, _("Is everybody all right?")), el("p.told", {}, told), left),
    el("div.actions", {}, big(_("We are all right"), well, "go"), help ? big(_("We need help"), help) : null),
  );
  screen.tick = () => countdown(left, untilMs);
  screen.tick();
  return screen;
}

export const checkInScreen = (watch, acts) =>
  askScreen({ title: _("Check-in"), told: _("The desk is alarmed when nobody answers by %(time)s.", { time: clock(new Date(watch.alarmMs).toISOString(), { seconds: false }) }), untilMs: watch.alarmMs }, acts);

export const rollCallScreen = (call, acts) =>
  askScreen({ title: _("All crews report"), told: _("%(who)s asks, %(time)s.", { who: call.asked_by, time: clock(call.asked_at, { seconds: false }) }), untilMs: Date.parse(call.answer_by) }, acts);

export function helpScreen({ send, back }) {
  return el(
    "div.screen.help-screen",
    {},
    el("div.middle", {}, el("h2.title", {}, _("What do you need?"))),
    el("div.actions", {}, HELPS.map((code) => big(helpLabel(code), () => send(code))), big(_("Back"), back, "plain")),
  );
}
