// The clock of the last thing heard. A stale board must not look fresh: after 15 s it says so.
import { el, fill, text } from "../dom.js";
import { clock, timer } from "../format.js";
import { now } from "../clock.js";
import { _ } from "../i18n.js";
import { on, state } from "../store.js";

const ALARM_AFTER_MS = 15000;

export function connectionPanel(chip, alarm) {
  const dot = el("span.dot", { "aria-hidden": "true" });
  const word = el("span.word");
  const time = el("time.at");
  fill(chip, dot, word, time);
  let shown = "";

  const draw = () => {
    const { heardAt, phase, signedOut } = state.connection;
    const silentMs = heardAt === null ? null : now() - heardAt;
    const dead = signedOut || (silentMs !== null && silentMs > ALARM_AFTER_MS);
    const look = dead ? "dead" : phase === "live" ? "live" : "waiting";
    chip.dataset.state = look;
    text(word, dead ? _("no live data since") : look === "live" ? _("live") : _("connecting"));
    const heard = heardAt === null ? "" : clock(new Date(heardAt).toISOString());
    text(time, heard);

    // The alarm's sentence is written once; only its timer runs, outside the spoken text.
    const kind = signedOut ? "signedout" : dead ? "stale" : "";
    document.body.classList.toggle("is-stale", Boolean(kind));
    if (kind !== shown) {
      shown = kind;
      if (!kind) fill(alarm);
      else if (kind === "signedout") {
        fill(alarm, el("strong", {}, _("You are signed out.")), " ", el("a", { href: "/sign-in" }, _("Sign in again")));
      } else {
        fill(
          alarm,
          el("strong", {}, _("This board is not live.")),
          " ",
          _("Nothing was heard from the server since %(time)s. What you see may be out of date; reconnecting.", { time: heard }),
          " ",
          el("span.since", { "aria-hidden": "true" }),
        );
      }
    }
    const since = alarm.querySelector(".since");
    if (since) text(since, timer(silentMs / 1000));
  };

  on("connection", draw);
  on("tick", draw);
  draw();
}
