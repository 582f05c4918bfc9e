// State of the connection. A stale board must not look fresh: after 25 s without a message it says
// so, hatched and aloud, and once it is live again for how long it was not.
import { now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock, duration, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { eventLabel } from "../core/labels.js";
import { emit, on, state } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";

const ALARM_AFTER_MS = 25000; // the server speaks every 10 s; two of its words are missing by then
const UNWATCHED_S = 30; // a worker acts within a second, and another takes over within a few
const UNCOPIED_S = 30; // a standby that was started anew follows again within a few
const STILL_LIVE = ["", "unwatched", "uncopied"];
const at = (ms) => clock(new Date(ms).toISOString());

export function connectionPanel(chip, alarm) {
  const dot = el("span.dot", { "aria-hidden": "true" });
  const word = el("span.word");
  const time = el("time.at");
  fill(chip, dot, word, time);
  let shown = "";
  let blind = null;
  let lastEvent = null;

  /** The alarm's sentence is written once; only its timer runs, outside the spoken text. */
  const say = (kind, since) => {
    if (kind === shown) return;
    shown = kind;
    document.body.classList.toggle("is-stale", !STILL_LIVE.includes(kind));
    if (kind === "signedout") {
      fill(alarm, el("strong", {}, _("You are signed out.")), " ", el("a", { href: "/sign-in" }, _("Sign in again")));
    } else if (kind === "unwatched") {
      fill(alarm, el("strong", {}, _("Nobody watches the deadlines.")), " ", _("No job worker runs on the server: an order that nobody answers is not rung again and reaches no supervisor."));
    } else if (kind === "uncopied") {
      fill(alarm, el("strong", {}, _("The standby of the database is away.")), " ", _("Everything works and is kept, but on one machine only: tell whoever looks after the server."));
    } else if (kind) {
      const why = kind === "behind"
        ? _("What happened before %(time)s could not be loaded yet; trying again.", { time: since })
        : _("No data from the server since %(time)s. What you see may be out of date; reconnecting.", { time: since });
      fill(alarm, el("strong", {}, _("This board is not live.")), ` ${why} `, el("span.since", { "aria-hidden": "true" }));
    } else {
      fill(alarm);
    }
  };

  /** By this device's own clock: the server's may be told anew by what ends the blindness. */
  const sight = (dead, heardAt, silentMs) => {
    if (dead && blind === null) {
      blind = { from: heardAt, sinceMs: Date.now() - silentMs };
      emit("blind", { since: heardAt });
    } else if (!dead && blind !== null) {
      const { from, sinceMs } = blind;
      const lastedMs = Date.now() - sinceMs;
      blind = null;
      emit("sighted", { since: from });
      noteToast(_("Live again. This board was not updated for %(time)s, from %(from)s to %(until)s.", { time: duration(lastedMs / 1000), from: at(from), until: at(from + lastedMs) }), { seconds: 30 });
    }
  };

  const draw = () => {
    const { heardAt, behindAt, phase, signedOut, overdueS, standbyLostS } = state.connection;
    const silent = heardAt !== null && now() - heardAt > ALARM_AFTER_MS;
    const dead = silent || behindAt !== null;
    const freshAt = silent ? heardAt : behindAt ?? heardAt;
    const look = dead || signedOut ? "dead" : phase === "live" ? "live" : "waiting";
    chip.dataset.state = look;
    text(word, look === "dead" ? _("no live data since") : look === "live" ? _("live") : _("connecting"));
    const fresh = freshAt === null ? "" : at(freshAt);
    const heard = heardAt === null ? "" : at(heardAt);
    text(time, fresh);
    chip.title = lastEvent
      ? _("Last heard %(heard)s; last event %(time)s: %(what)s", { heard, time: clock(lastEvent.at), what: eventLabel(lastEvent.kind) })
      : _("Last heard %(heard)s; no event since this page was opened", { heard });
    say(signedOut ? "signedout" : silent ? "stale" : dead ? "behind" : overdueS > UNWATCHED_S ? "unwatched" : standbyLostS > UNCOPIED_S ? "uncopied" : "", fresh);
    sight(dead && !signedOut, freshAt, now() - freshAt);
    const since = alarm.querySelector(".since");
    if (since) text(since, timer((now() - freshAt) / 1000));
  };

  on("connection", draw);
  on("tick", draw);
  on("event", (event) => {
    lastEvent = event;
  });
  // A machine that slept over its timers must not show an old board for even a second.
  document.addEventListener("visibilitychange", draw);
  draw();
}
