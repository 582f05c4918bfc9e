// The crew's page: duty, position, orders. What is shown follows from the orders and from the
// steps that have not yet reached the server.
import { applyClosureEvent } from "../closures/closures.js";
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { now, secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { timer } from "../core/format.js";
import { _, loadMessages } from "../core/i18n.js";
import { emit, on } from "../core/store.js";
import { outbox } from "../outbox/outbox.js";
import { bringKeptAnswers, keptSince } from "../kept/phone_answers.js";
import { GroundFollower } from "../live/ground_change.js";
import { loadClosures } from "../live/loading.js";
import { Stream } from "../live/stream.js";
import { MessagesPanel } from "../messages/phone_messages.js";
import { OrderMarks } from "../escalation/order_marks.js";
import { learnOutcomes } from "../outcomes/outcomes.js";
import { resultScreen } from "../outcomes/result_screen.js";
import { NoticeInbox } from "../notices/notice_inbox.js";
import { noticeTitle } from "../notices/notice_labels.js";
import { noticeScreen } from "../notices/notice_screen.js";
import "../pledges/phone_pledge.js";
import { bringOffers } from "../offers/phone_offers.js";
import { bringLate } from "../phone/bring_late.js";
import { dockBox, finishWithParts, loadParts, lookOfParts, screenOfParts, tellParts, tickParts } from "../phone/crew_parts.js";
import { tellDuty, withDuty } from "../phone/crew_duty.js";
import { Banner } from "../phone/guidance_banner.js";
import { STEPS, afterAnswer, takeStep, withSteps } from "../phone/order_steps.js";
import { PathFollower } from "../phone/path_following.js";
import { PathMap } from "../phone/path_map.js";
import { RecordTray } from "../phone/record_tray.js";
import { declineScreen, driveScreen, dutyScreen, endDutyScreen, offerScreen, sceneScreen, showPathLeft } from "../phone/screens.js";
import { StatusLines } from "../phone/status_lines.js";
import { Touch } from "../phone/touch.js";
import { Tracking } from "../phone/tracking.js";
import { Voice } from "../phone/voice.js";
import "../plans/crew_part.js";
import { ReachReport } from "../reach/reach_report.js";
import { Ringer } from "../reach/ringer.js";
import { SoundGate } from "../reach/sound_gate.js";
import { bringSafety } from "../safety/phone_safety.js";
import "../sending/suspended_lines.js";

const ASKED_WHILE = { decline: "offered", complete: "on_scene" };
const REMIND_MS = 15000;
const RELOAD_MS = 30000; // the stream tells everything; should it ever not, the screen is soon right

await loadMessages();

const main = document.getElementById("crew-main");
const endDuty = document.getElementById("end-duty");
const crewId = boot.crew_id;

const page = { crew: null, orders: [], loaded: false, heardAt: null, phase: "connecting", message: "", ending: false, remindUntil: 0, followed: false, muted: false };
/** What is being asked of the crew, by order: {what, node}. A half-written answer outlives the order that comes in between. */
const asks = new Map();
let shown = { screen: "", facts: "", node: null };
const answers = bringKeptAnswers(crewId, { main, fresh: () => load() });

const tracking = new Tracking(crewId, () => {
  drawFoot();
  guide();
});
const tray = new RecordTray(crewId, { place: () => tracking.last });
const lines = new StatusLines({ alarm: document.getElementById("alarm"), foot: document.getElementById("crew-foot"), between: tray.status, tracking });
const inbox = new NoticeInbox();
const ringer = new Ringer(() => {
  reach.changed();
  draw();
});
const reach = new ReachReport(crewId, { sound: () => !ringer.muted });
const gate = new SoundGate();
const touch = new Touch(() => page.muted !== isMuted() && draw());
const marks = new OrderMarks();
main.before(gate.node);
bringSafety(crewId, { place: () => tracking.last, order: () => (page.loaded && ordersNow()[0]) || null, changed: () => page.loaded && draw() });
main.after(dockBox);
const messages = new MessagesPanel(crewId, ringer);
const voice = new Voice();
const banner = new Banner(voice);
const pathMap = new PathMap();
bringOffers(crewId, { map: pathMap, place: () => tracking.last, changed: () => page.loaded && draw(), won: () => load() });
const course = new PathFollower(crewId, () => drawPath());
const ground = new GroundFollower(() => pathMap.useGround());

const isMuted = () => ringer.settled && ringer.muted;
const ordersNow = () => withSteps(page.orders);
const dutyNow = () => withDuty(page.crew)?.duty;

// Questions overlap and answers overtake each other: an answer to an older question than the newest
// that was answered tells the past.
const asked = { last: 0, answered: 0 };

async function load() {
  // What other rooms bring comes with the line, behind the orders, and never holds them up.
  if (page.followed || keptSince() !== null) loadParts().then(draw);
  const wasOut = lines.signedOut;
  const number = (asked.last += 1);
  try {
    const [crew, { assignments }, { notices }] = await Promise.all(["", "/assignments", "/notices"].map((of) => get(`/crews/${crewId}${of}`)));
    await outbox.begin(); // what was tapped before the page was closed counts from the first picture on
    if (number < asked.answered) return;
    asked.answered = number;
    page.crew = crew;
    page.orders = assignments.filter((order) => ["offered", "accepted", "en_route", "on_scene"].includes(order.state));
    inbox.take(notices);
    for (const { incident } of page.orders) learnOutcomes(incident.kind);
    marks.keep(new Set(page.orders.map(({ id }) => id)));
    for (const { id } of page.orders.filter(isOffered)) marks.note(id, { delivered: true });
    page.loaded = true;
    for (const id of asks.keys()) if (!page.orders.some((order) => order.id === id)) asks.delete(id);
    if (wasOut && !answers.areOld) lines.signedInAgain({ writing: asks.size > 0 });
    followDuty();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!page.loaded) page.message = error.message;
  }
  draw();
}

const isOffered = ({ state }) => state === "offered";

function followDuty() {
  if (dutyNow() === "off_duty") tracking.stop();
  else tracking.start();
}

function setDuty(duty) {
  if (duty === "off_duty" && !page.ending && (ordersNow().length || outbox.waiting().length)) return askToEnd(true);
  page.ending = false;
  tellDuty(crewId, duty);
  followDuty();
}

/** The server has something that was tapped here: what was asked for before is older than its answer. */
function takeAnswer({ kind }, answer) {
  if (kind !== "duty" && kind !== "understood" && !STEPS.includes(kind)) return undefined;
  asked.answered = asked.last += 1;
  if (kind === "duty") page.crew = answer ?? page.crew;
  if (STEPS.includes(kind)) page.orders = afterAnswer(page.orders, answer);
  return load();
}

outbox.listen(({ sent, answer, refused }) => {
  const taken = sent ? takeAnswer(sent, answer) : refused && load();
  draw();
  return taken;
});

/** Rung again: it rings anyway while it is not answered; who accepted and stands still hears it for a while. */
function remind() {
  page.remindUntil = now() + REMIND_MS;
  setTimeout(draw, REMIND_MS);
  load();
}

function step(order, action, details = {}) {
  asks.delete(order.id);
  page.message = "";
  const at = tracking.last ? { lon: tracking.last.lon, lat: tracking.last.lat } : {};
  takeStep(order, action, { ...at, ...details });
}

/** Which screen, and for what. */
function choose() {
  const orders = ordersNow();
  const offered = orders.find((order) => order.state === "offered");
  const current = orders.find((order) => order.state !== "offered");
  const waiting = orders.filter((order) => order !== current && order !== offered);
  const order = offered ?? current;
  const ask = asks.get(order?.id);
  const asked = ask && ASKED_WHILE[ask.what] === order.state ? ask : null;
  const taken = asked || page.ending ? null : screenOfParts({ urgent: Boolean(offered) });
  return { orders, offered, current, waiting, order, behind: Boolean(offered && current), asked, taken, ...inbox.first };
}

function build({ offered, behind, waiting, order, asked, taken, notice, count }) {
  if (notice) return noticeScreen({ notice, count }, { understood: () => inbox.understood(notice) });
  if (taken) return taken.node();
  if (page.ending) {
    const orders = ordersNow();
    return endDutyScreen({ orders, unsent: outbox.waiting().length > 0 }, { end: () => setDuty("off_duty"), back: () => askToEnd(false) });
  }
  const ask = (what) => {
    asks.set(order.id, { what });
    draw();
  };
  const back = () => {
    asks.delete(order.id);
    draw();
  };
  if (!order) return dutyScreen({ duty: dutyNow(), muted: page.muted, cutOff: lines.cutOff }, setDuty);
  if (asked?.what === "decline") {
    return (asked.node ??= declineScreen({ order }, { decline: (reason) => step(order, "decline", { reason }), back }));
  }
  if (offered) {
    return offerScreen(
      { order, facts: leftOf(order), behind },
      { map: pathMap.node, accept: () => step(order, "accept"), decline: () => ask("decline") },
    );
  }
  if (asked?.what === "complete") {
    return (asked.node ??= resultScreen({ order }, { complete: (said) => step(order, "complete", said), back }));
  }
  if (order.state === "on_scene") return sceneScreen({ order, waiting }, { record: tray.barFor(order), finish: () => finishWithParts(order, () => ask("complete")) });
  return driveScreen({ order, facts: leftOf(order), waiting }, { map: pathMap.node, banner: banner.node, step: (action) => step(order, action) });
}

/** Many crews hear of an offer at once; what concerns this one is asked for by the part itself. */
const isOffer = ({ kind }) => kind.startsWith("offer.");

const leftOf = (order) => (course.orderId === order.id ? course.left : null);

/** The order whose path is on the screen. */
function orderUnderWay() {
  const { order, asked, taken, notice } = choose();
  return order && !asked && !taken && !notice && !page.ending && order.state !== "on_scene" ? order : null;
}

/** A fix, a second or another order: follow the path. */
function guide() {
  const order = orderUnderWay();
  if (!order) return;
  course.follow(order, tracking.last);
  drawPath();
}

function drawPath() {
  const order = orderUnderWay();
  if (!order || course.orderId !== order.id) return;
  pathMap.show(order, tracking.last, course);
  const { parts } = shown.node ?? {};
  if (parts?.path) showPathLeft(parts.path, course.left);
  banner.show(course);
  if (order.state === "en_route") voice.guide(order.id, course.next);
}

function draw() {
  // The first touch ends the silence: what says so stays until that touch has clicked what it is on.
  if (!touch.lasts) page.muted = isMuted();
  const { muted } = page;
  const chosen = choose();
  const { offered, current, behind, order, asked, taken, waiting, notice } = chosen;
  if (notice) ringer.start(NoticeInbox.ring(notice));
  else if (taken) taken.ring ? ringer.start(taken.ring) : ringer.stop();
  else if (offered && !asked) ringer.start("order");
  else if (now() < page.remindUntil && current?.state === "accepted") ringer.start("notice");
  else ringer.stop();
  if (offered && !notice && !taken) marks.note(offered.id, { rang: ringer.rings, seen: !document.hidden });
  const ringing = notice ? `notice ${notice.id}` : taken?.ring ? taken.key : offered && `order ${offered.id}`;
  messages.update(chosen.orders, ringing);
  emit("ringing", ringing);
  const news = notice ? noticeTitle(notice.kind) : taken?.title ?? (offered ? _("New order") : "");
  document.title = news ? `● ${news}` : `${boot.display_name} · Nearcrew`;
  const duty = dutyNow();
  gate.draw({ muted: muted && duty !== undefined && duty !== "off_duty", large: !order && !notice && !taken && !page.ending });
  endDuty.hidden = duty === undefined || duty === "off_duty";

  const screen = JSON.stringify([notice?.id, chosen.count, taken?.key, page.ending, order?.id, order?.state, asked?.what]);
  const facts = JSON.stringify([order?.pending, order?.incident.version, order?.eta_at, duty, behind, waiting.map((each) => each.id), !order && [muted, lines.cutOff], page.ending && outbox.waiting().length, order && lookOfParts(order)]);
  if (screen !== shown.screen || (facts !== shown.facts && !shown.node.update)) {
    const node = build(chosen);
    fill(main, el("p.message", { role: "alert" }, page.message), node);
    shown = { screen, node };
  }
  // Where something is written nothing moves: the keyboard would close in the middle of a word.
  if (facts !== shown.facts) shown.node.update?.(chosen);
  shown.facts = facts;
  const message = main.querySelector(".message");
  if (message) text(message, page.message);
  guide();
  drawFoot();
  lines.drawSignedOut(outbox.unsent.length);
}

function askToEnd(ending) {
  page.ending = ending;
  draw();
}
endDuty.addEventListener("click", () => {
  endDuty.closest("details").open = false;
  askToEnd(true);
});

function drawFoot() {
  const { cutOff } = lines;
  lines.draw(page);
  if (page.loaded && lines.cutOff !== cutOff) draw();
}

document.addEventListener("visibilitychange", () => document.hidden || draw()); // seen now

document.addEventListener("signedout", () => {
  lines.signedOut = true;
  draw();
});

new Stream({
  lastId: boot.head_id ?? null,
  handlers: {
    heard: () => {
      page.heardAt = now();
      drawFoot();
    },
    state: (phase) => {
      page.phase = phase;
      drawFoot();
      if (phase === "live") {
        // The first time, the line itself tells what happened since the page was written.
        if (page.followed) load();
        else loadParts().then(draw);
        page.followed = true;
        loadClosures();
        outbox.flush({ atOnce: true });
      }
    },
    hello: ({ ground_id }) => ground.heard(ground_id),
    change: (event) => {
      if (event.kind === "ground.imported") ground.heard(event.data?.ground_id);
      else if (event.kind === "assignment.rung_again") remind();
      else if (event.kind !== "assignment.marked" && !applyClosureEvent(event) && !isOffer(event)) load();
      tray.heard(event);
      messages.heard(event);
      tellParts(event);
    },
    reset: () => {
      load();
      loadClosures();
    },
  },
});

on("crew-part", draw);
on("roads", () => {
  course.again();
  guide();
});

setInterval(() => {
  emit("tick");
  tickParts();
  drawFoot();
  const { parts } = shown.node ?? {};
  if (parts?.since) text(parts.since, timer(secondsSince(parts.sinceAt)));
  guide();
}, 1000);

setInterval(load, RELOAD_MS);

outbox.begin();
if (keptSince() !== null) loadClosures(); // else the line says when
// What nobody needs in the first second comes after it, in a file of its own.
const { settled } = await bringLate(load(), {
  crewId, menu: endDuty, course, map: pathMap, place: () => tracking.last, orders: () => (page.loaded ? ordersNow() : []), changed: () => page.loaded && draw(),
  ringing: () => ringer.what !== null,
  answering: () => asks.size > 0 || page.ending,
});
await loadParts();
draw();
await settled;
document.body.dataset.ready = "true"; // everything has its place
