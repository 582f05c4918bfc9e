// What stands above and below every screen: position, connection, and that somebody was signed out.
import { now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { positionLabel } from "./position_labels.js";

const STALE_MS = 30000;
const RELOADED = "nearcrew-reloaded";
const RELOAD_AGAIN_MS = 60000;

export class StatusLines {
  /** `alarm`, `foot`: where they stand; `between`: a node in the middle of the foot. */
  constructor({ alarm, foot, between, tracking }) {
    this.alarm = alarm;
    this.tracking = tracking;
    this.place = el("span.place-state");
    this.line = el("span.line-state");
    this.signedOut = false;
    this.silent = false;
    fill(foot, this.place, between, this.line);
  }

  /** Whether nothing that the desk sends arrives here, as far as is known. */
  get cutOff() {
    return this.signedOut || this.silent;
  }

  draw({ phase, heardAt }) {
    const { words, bad } = positionLabel(this.tracking);
    text(this.place, words);
    this.place.dataset.bad = String(bad);
    const live = phase === "live";
    text(this.line, live && heardAt ? `${_("live")} ${clock(new Date(heardAt).toISOString())}` : _("connecting"));
    this.line.dataset.live = String(live);
    this.silent = heardAt !== null && now() - heardAt > STALE_MS;
    const sentence = this.silent ? _("No connection. New orders cannot reach you; call the desk if it stays.") : "";
    if (this.alarm.textContent !== sentence && !this.signedOut) text(this.alarm, sentence);
  }

  /** Signed out, by time or from elsewhere: what was done here waits for the next sign-in. */
  drawSignedOut(steps) {
    if (!this.signedOut || this.keptShown === steps) return;
    this.keptShown = steps;
    const kept = steps ? _("Steps kept here until you sign in: %(n)s.", { n: steps }) : "";
    fill(this.alarm, el("strong", {}, _("You are signed out.")), " ", kept, " ", el("a", { href: "/sign-in?next=/crew" }, _("Sign in again")));
  }

  /** Somebody signed in again, in another tab: this page needs that session's form token. */
  signedInAgain({ writing }) {
    const reloadedAt = Number(sessionStorage.getItem(RELOADED));
    if (writing || Date.now() - reloadedAt < RELOAD_AGAIN_MS) return; // not over a half-written note
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }
}
