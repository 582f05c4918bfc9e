// The crew's page: duty, position, orders. What is shown follows from the orders and from the
// steps that have not yet reached the server.
import { applyClosureEvent } from "../closures/closures.js";
import { ApiError, get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { now, secondsSince } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _, loadMessages } from "../core/i18n.js";
import { emit, on } from "../core/store.js";
import { GroundFollower } from "../live/ground_change.js";
import { loadClosures } from "../live/loading.js";
import { Stream } from "../live/stream.js";
import { MessagesPanel } from "../messages/phone_messages.js";
import { refreshOutcomes } from "../outcomes/outcomes.js";
import { resultScreen } from "../outcomes/result_screen.js";
import { Banner } from "../phone/guidance_banner.js";
import { Outbox } from "../phone/outbox.js";
import { PathFollower } from "../phone/path_following.js";
import { PathMap } from "../phone/path_map.js";
import { positionLabel } from "../phone/position_labels.js";
import { RecordTray } from "../phone/record_tray.js";
import { Ringer } from "../phone/ringer.js";
import { declineScreen, driveScreen, dutyScreen, offerScreen, sceneScreen, showPathLeft } from "../phone/screens.js";
import { Tracking } from "../phone/tracking.js";
import { Voice } from "../phone/voice.js";

const AFTER = { accept: "accepted", depart: "en_route", arrive: "on_scene" };
const ASKED_WHILE = { decline: "offered", complete: "on_scene" };
const STALE_MS = 30000;
const RELOAD_MS = 30000; // the stream tells everything; should it ever not, the screen is soon right
const RELOADED = "nearcrew-reloaded";
const RELOAD_AGAIN_MS = 60000;

await loadMessages();

const main = document.getElementById("crew-main");
const foot = document.getElementById("crew-foot");
const alarm = document.getElementById("alarm");
const crewId = boot.crew_id;

const page = { crew: null, orders: [], loaded: false, heardAt: null, phase: "connecting", message: "", dutyFailed: "" };
/** What is being asked of the crew, by order: {what, node}. A half-written answer outlives the order that comes in between. */
const asks = new Map();
let shown = { screen: "", facts: "", node: null };

const outbox = new Outbox(crewId, {
  changed: async ({ confirmed = false } = {}) => {
    if (confirmed) await load();
    else draw();
  },
  refused: (error) => {
    page.message = error.code === "wrong_state" ? _("This order changed meanwhile. The screen shows how it stands now.") : error.message;
    draw();
  },
});
const tracking = new Tracking(crewId, () => {
  drawFoot();
  guide();
});
const tray = new RecordTray(crewId, { place: () => tracking.last });
const ringer = new Ringer(() => draw());
const messages = new MessagesPanel(crewId, ringer);
const voice = new Voice();
const banner = new Banner(voice);
const pathMap = new PathMap();
const course = new PathFollower(crewId, () => drawPath());
const ground = new GroundFollower(() => pathMap.useGround());

/** Orders as they are here and now: the server's state, and the taps it has not heard of yet. */
function ordersNow() {
  return page.orders
    .map((order) => {
      const steps = outbox.pendingFor(order.id);
      if (!steps.length) return order;
      const { action } = steps.at(-1);
      const arrived = steps.find((step) => step.action === "arrive")?.body.occurred_at;
      return action in AFTER ? { ...order, state: AFTER[action], arrived_at: order.arrived_at ?? arrived, pending: true } : null;
    })
    .filter(Boolean)
    .sort((a, b) => a.rank - b.rank);
}

// Questions overlap and answers overtake each other: an answer to an older question than the newest
// that was answered tells the past.
const asked = { last: 0, answered: 0 };

async function load() {
  const wasOut = page.signedOut;
  const number = (asked.last += 1);
  try {
    const [crew, { assignments }] = await Promise.all([get(`/crews/${crewId}`), get(`/crews/${crewId}/assignments`)]);
    if (number < asked.answered) return;
    asked.answered = number;
    page.crew = crew;
    page.orders = assignments.filter((order) => ["offered", "accepted", "en_route", "on_scene"].includes(order.state));
    page.loaded = true;
    for (const id of asks.keys()) if (!page.orders.some((order) => order.id === id)) asks.delete(id);
    if (wasOut) signedInAgain();
    if (crew.duty === "off_duty") tracking.stop();
    else tracking.start();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (!page.loaded) page.message = error.message;
  }
  draw();
}

async function setDuty(duty) {
  page.dutyFailed = "";
  try {
    page.crew = await put(`/crews/${crewId}/duty`, { duty });
    asked.answered = asked.last += 1; // what was asked before shows the duty before
    load();
    if (duty === "off_duty") tracking.stop();
    else tracking.start();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    page.dutyFailed = error.message;
  }
  draw();
}

function step(order, action, details = {}) {
  asks.delete(order.id);
  page.message = "";
  const at = tracking.last ? { lon: tracking.last.lon, lat: tracking.last.lat } : {};
  outbox.add(order.id, action, { ...at, ...details });
}

/** Which screen, and for what. */
function choose() {
  const orders = ordersNow();
  const offered = orders.find((order) => order.state === "offered");
  const current = orders.find((order) => order.state !== "offered");
  const waiting = orders.filter((order) => order !== current && order !== offered);
  const order = offered ?? current;
  const ask = asks.get(order?.id);
  return { orders, offered, current, waiting, order, asked: ask && ASKED_WHILE[ask.what] === order.state ? ask : null };
}

function build({ offered, current, waiting, order, asked }) {
  const ask = (what) => {
    asks.set(order.id, { what });
    draw();
  };
  const back = () => {
    asks.delete(order.id);
    draw();
  };
  if (!order) return dutyScreen({ duty: page.crew?.duty, failed: page.dutyFailed }, setDuty);
  if (asked?.what === "decline") {
    return (asked.node ??= declineScreen({ order }, { decline: (reason) => step(order, "decline", { reason }), back }));
  }
  if (offered) {
    return offerScreen(
      { order, facts: leftOf(order), muted: ringer.muted, behind: Boolean(current) },
      { map: pathMap.node, accept: () => step(order, "accept"), decline: () => ask("decline") },
    );
  }
  if (asked?.what === "complete") {
    return (asked.node ??= resultScreen({ order }, { complete: (said) => step(order, "complete", said), back }));
  }
  if (order.state === "on_scene") {
    refreshOutcomes(order.incident.kind);
    return sceneScreen({ order, waiting }, { record: tray.barFor(order), finish: () => ask("complete") });
  }
  return driveScreen({ order, facts: leftOf(order), waiting }, { map: pathMap.node, banner: banner.node, step: (action) => step(order, action) });
}

const leftOf = (order) => (course.orderId === order.id ? course.left : null);

/** The order whose path is on the screen. */
function orderUnderWay() {
  const { order, asked } = choose();
  return order && !asked && order.state !== "on_scene" ? order : null;
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
  const chosen = choose();
  const { offered, order, asked, waiting } = chosen;
  if (offered && !asked) ringer.start();
  else ringer.stop();
  messages.update(chosen.orders, offered && `order ${offered.id}`);
  document.title = offered ? `● ${_("New order")}` : `${boot.display_name} · Nearcrew`;

  const screen = JSON.stringify([order?.id, order?.state, asked?.what]);
  const facts = JSON.stringify([order?.pending, order?.incident.version, order?.eta_at, page.crew?.duty, waiting.map((each) => each.id), page.dutyFailed, offered && ringer.muted]);
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
  drawSignedOut();
}

const footer = { place: el("span.place-state"), line: el("span.line-state") };
fill(foot, footer.place, tray.status, footer.line);

function drawFoot() {
  const { words, bad } = positionLabel(tracking);
  text(footer.place, words);
  footer.place.dataset.bad = String(bad);
  const live = page.phase === "live";
  text(footer.line, live && page.heardAt ? `${_("live")} ${clock(new Date(page.heardAt).toISOString())}` : _("connecting"));
  footer.line.dataset.live = String(live);
  const silent = page.heardAt !== null && now() - page.heardAt > STALE_MS;
  const sentence = silent ? _("No connection. New orders cannot reach you; call the desk if it stays.") : "";
  if (alarm.textContent !== sentence && !page.signedOut) text(alarm, sentence);
}

/** Signed out, by time or from elsewhere: what was done here waits for the next sign-in. */
function drawSignedOut() {
  if (!page.signedOut || page.keptShown === outbox.steps.length) return;
  page.keptShown = outbox.steps.length;
  const kept = page.keptShown ? _("Steps kept here until you sign in: %(n)s.", { n: page.keptShown }) : "";
  fill(alarm, el("strong", {}, _("You are signed out.")), " ", kept, " ", el("a", { href: "/sign-in?next=/crew" }, _("Sign in again")));
}

/** Somebody signed in again, in another tab: this page needs that session's form token. */
function signedInAgain() {
  const reloadedAt = Number(sessionStorage.getItem(RELOADED));
  if (asks.size || Date.now() - reloadedAt < RELOAD_AGAIN_MS) return; // not over a half-written note
  sessionStorage.setItem(RELOADED, String(Date.now()));
  location.reload();
}

document.addEventListener("signedout", () => {
  page.signedOut = true;
  drawSignedOut();
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
        load();
        loadClosures();
        outbox.flush();
        tray.flush();
        messages.flush();
      }
    },
    hello: ({ ground_id }) => ground.heard(ground_id),
    change: (event) => {
      if (event.kind === "ground.imported") ground.heard(event.data?.ground_id);
      else if (!applyClosureEvent(event)) load();
      tray.heard(event);
      messages.heard(event);
    },
    reset: () => {
      load();
      loadClosures();
    },
  },
});

on("roads", () => {
  course.again();
  guide();
});

setInterval(() => {
  emit("tick");
  drawFoot();
  const { parts } = shown.node ?? {};
  if (parts?.since) text(parts.since, timer(secondsSince(parts.sinceAt)));
  guide();
}, 1000);

setInterval(load, RELOAD_MS);

outbox.flush();
await load();
