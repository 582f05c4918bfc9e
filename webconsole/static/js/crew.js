// The crew's page: duty, position, orders. What is shown follows from the orders and from the
// steps that are still on their way to the server.
import { ApiError, get, put } from "./api.js";
import { boot } from "./boot.js";
import { now, secondsSince } from "./clock.js";
import { hearClosure } from "./closures.js";
import { el, fill, text } from "./dom.js";
import { age, clock, timer } from "./format.js";
import { _, loadMessages } from "./i18n.js";
import { Banner } from "./crew/banner.js";
import { Course } from "./crew/course.js";
import { Outbox } from "./crew/outbox.js";
import { RecordTray } from "./crew/photos.js";
import { Ringer } from "./crew/ringer.js";
import { declineScreen, driveScreen, dutyScreen, offerScreen, resultScreen, sceneScreen, wayLine } from "./crew/screens.js";
import { Tracking } from "./crew/tracking.js";
import { Voice } from "./crew/voice.js";
import { WayMap } from "./crew/way.js";
import { loadClosures } from "./loading.js";
import { GroundFollower } from "./new_ground.js";
import { on, tell } from "./store.js";
import { Stream } from "./stream.js";

const AFTER = { accept: "accepted", depart: "en_route", arrive: "on_scene" };
const STALE_MS = 30000;
const RELOAD_MS = 30000; // the stream tells everything; should it ever not, the screen is soon right
const RELOADED = "nearcrew-reloaded";
const RELOAD_AGAIN_MS = 60000;

await loadMessages();

const main = document.getElementById("crew-main");
const foot = document.getElementById("crew-foot");
const alarm = document.getElementById("alarm");
const crewId = boot.crew_id;

const page = { crew: null, orders: [], loaded: false, heardAt: null, phase: "connecting", ask: null, message: "", dutyFailed: "" };
let shown = { key: "", node: null };

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
const ringer = new Ringer(() => draw(true));
const voice = new Voice();
const banner = new Banner(voice);
const way = new WayMap();
const course = new Course(crewId, () => drawWay());
const ground = new GroundFollower(() => way.useGround());

/** Orders as they are here and now: the server's state, and the taps it has not heard of yet. */
function ordersNow() {
  return page.orders
    .map((order) => {
      const pending = outbox.pendingFor(order.id);
      if (pending.includes("decline") || pending.includes("complete")) return null;
      const last = pending.at(-1);
      return last ? { ...order, state: AFTER[last], pending: true } : order;
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
  draw(true);
}

function step(order, action, details = {}) {
  page.ask = null;
  page.message = "";
  const at = tracking.last ? { lon: tracking.last.lon, lat: tracking.last.lat } : {};
  outbox.add(order.id, action, { ...at, ...details });
}

/** Which screen, and for what: the key tells when it has to be built anew. */
function choose() {
  const orders = ordersNow();
  const offered = orders.find((order) => order.state === "offered");
  const current = orders.find((order) => order.state !== "offered");
  const waiting = orders.filter((order) => order !== current && order !== offered);
  const order = offered ?? current;
  const asked = order && page.ask?.orderId === order.id ? page.ask.what : null;
  return { offered, current, waiting, order, asked };
}

function build({ offered, current, waiting, order, asked }) {
  const pending = order?.pending ? el("p.pending", {}, _("Saved here; will be sent when there is a connection.")) : null;
  const ask = (what) => {
    page.ask = what && { orderId: order.id, what };
    draw();
  };
  if (!order) return dutyScreen({ duty: page.crew?.duty, failed: page.dutyFailed }, setDuty);
  if (offered && asked === "decline") {
    return declineScreen({ order }, { decline: (reason) => step(order, "decline", { reason }), back: () => ask(null) });
  }
  if (offered) {
    return offerScreen(
      { order, facts: leftOf(order), muted: ringer.muted, behind: Boolean(current) },
      { map: way.node, accept: () => step(order, "accept"), decline: () => ask("decline") },
    );
  }
  if (order.state === "on_scene" && asked === "complete") {
    return resultScreen({ order }, { complete: (result, notes) => step(order, "complete", notes ? { result, reason: notes } : { result }), back: () => ask(null) });
  }
  if (order.state === "on_scene") return sceneScreen({ order, waiting, pending }, { record: tray.barFor(order), finish: () => ask("complete") });
  return driveScreen({ order, facts: leftOf(order), waiting, pending }, { map: way.node, banner: banner.node, step: (action) => step(order, action) });
}

const leftOf = (order) => (course.orderId === order.id ? course.left : null);

/** The order whose way is on the screen. */
function onTheWay() {
  const { order, asked } = choose();
  return order && !asked && order.state !== "on_scene" ? order : null;
}

/** A fix, a second or another order: follow the way. */
function guide() {
  const order = onTheWay();
  if (!order) return;
  course.follow(order, tracking.last);
  drawWay();
}

function drawWay() {
  const order = onTheWay();
  if (!order || course.orderId !== order.id) return;
  way.show(order, tracking.last, course);
  const { parts } = shown.node ?? {};
  if (parts?.way) wayLine(parts.way, course.left);
  banner.show(course);
  if (order.state === "en_route") voice.guide(order.id, course.next);
}

function draw(anew = false) {
  const chosen = choose();
  const { offered, order, asked, waiting } = chosen;
  if (offered && !asked) ringer.start();
  else ringer.stop();
  document.title = offered ? `● ${_("New order")}` : `${boot.display_name} · Nearcrew`;

  const key = JSON.stringify([order?.id, order?.state, order?.pending, order?.incident?.version, order?.eta_at, asked, page.crew?.duty, waiting.map((each) => each.id), page.dutyFailed]);
  // A half-written note must survive what comes in meanwhile.
  const typing = asked === "complete" || asked === "decline";
  if (key !== shown.key || (anew && !typing)) {
    const sameQuestion = typing && shown.asked === asked && shown.orderId === order?.id;
    if (!sameQuestion) {
      const node = build(chosen);
      fill(main, el("p.message", { role: "alert" }, page.message), node);
      shown = { key, node, asked, orderId: order?.id };
    }
  }
  const message = main.querySelector(".message");
  if (message) text(message, page.message);
  guide();
  drawFoot();
  drawSignedOut();
}

const LOCATION = {
  off: () => _("Position is not sent"),
  insecure: () => _("No position: this page was not opened over https. Ask for the https address."),
  unsupported: () => _("No position: this browser has none."),
  denied: () => _("No position: it is not allowed. Allow location for this site in the browser's settings."),
  searching: () => _("Looking for the position…"),
};

const UNUSED = {
  future: () => _("The desk cannot use this position: its time is wrong. Check the phone's clock."),
  inaccurate: () => _("The desk cannot use this position: it is too inaccurate. Go where the sky is free."),
  impossible_speed: () => _("The desk cannot use this position: it jumps too far."),
};
const unusedWord = (code) => (UNUSED[code] ?? (() => _("The desk cannot use this position.")))();

const footer = { place: el("span.place-state"), line: el("span.line-state") };
fill(foot, footer.place, tray.status, footer.line);

function drawFoot() {
  const { last, status, queue, unsent } = tracking;
  const unused = status === "on" && tracking.unused ? unusedWord(tracking.unused) : "";
  const bad = Boolean(unused) || status === "insecure" || status === "denied" || status === "unsupported";
  const where = status === "on" && last
    ? _("Position %(age)s old, ± %(metres)s m", { age: age((Date.now() - last.timestamp) / 1000), metres: Math.round(last.accuracy) })
    : LOCATION[status]?.() ?? "";
  const backlog = unsent && queue.length ? _("%(n)s waiting to be sent", { n: queue.length }) : "";
  text(footer.place, [unused, where, backlog].filter(Boolean).join(" · "));
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
  if (page.ask || Date.now() - reloadedAt < RELOAD_AGAIN_MS) return; // not over a half-written note
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
      }
    },
    hello: ({ ground_id }) => ground.heard(ground_id),
    change: (event) => {
      if (event.kind === "ground.imported") ground.heard(event.data?.ground_id);
      else if (!hearClosure(event)) load();
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
  tell("tick");
  drawFoot();
  const { parts } = shown.node ?? {};
  if (parts?.since) text(parts.since, timer(secondsSince(parts.sinceAt)));
  guide();
}, 1000);

setInterval(load, RELOAD_MS);

outbox.flush();
await load();
