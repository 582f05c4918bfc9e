// What the crew's page says of the outbox, whatever screen is shown: a line in the foot for what waits,
// and above everything what was refused or could not be kept.
import { now } from "../core/clock.js";
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { on } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { withFollowers } from "./action_rules.js";
import { outbox } from "./outbox.js";
import { actionTitle, troubleWords, unsentLine } from "./outbox_labels.js";
import { openOutboxScreen } from "./outbox_screen.js";

const WORTH_SAYING_MS = 3000; // with signal it is gone before anybody has read of it

class OutboxLines {
  #heard = "";
  #rang = new Set();

  constructor({ above, foot }) {
    this.line = el("button.outbox-line", { type: "button", hidden: true, onclick: () => this.open() });
    this.trouble = el("p.refused");
    this.refused = el("div");
    this.news = el("section.outbox-news", { role: "alert", hidden: true }, this.trouble, this.refused);
    above.before(this.news);
    foot.append(this.line);
    outbox.listen(() => this.draw());
    on("ringing", (ringing) => this.#hush(ringing));
    this.draw();
  }

  open() {
    this.screen ??= openOutboxScreen({ closed: () => (this.screen = null) });
  }

  /** What rings anew is answered first. */
  #hush(ringing) {
    if (!ringing || this.#rang.has(ringing)) return;
    this.#rang.add(ringing);
    this.screen?.node.close();
  }

  draw() {
    const unkept = outbox.unsent.filter((action) => !outbox.isKept(action));
    const waiting = outbox.waiting();
    const old = waiting.some(({ deviceMs }) => Date.now() - deviceMs > WORTH_SAYING_MS || Date.now() < deviceMs);
    this.line.hidden = !waiting.length || (navigator.onLine && !old);
    text(this.line, waiting.length ? unsentLine(waiting, now()) : "");
    text(this.trouble, troubleWords(outbox.trouble, unkept.length));
    this.trouble.hidden = !this.trouble.textContent;
    this.#drawRefused();
    this.news.hidden = this.trouble.hidden && !this.refused.childElementCount;
    this.screen?.draw();
  }

  /** One at a time: it stays until somebody has put it away. */
  #drawRefused() {
    const all = outbox.actions.filter(({ state }) => state === "refused");
    const [first] = all;
    const look = JSON.stringify([first?.clientId, all.length, outbox.actions.length]);
    if (look === this.#heard) return;
    this.#heard = look;
    if (!first) return fill(this.refused);
    const lost = withFollowers(first.clientId, outbox.actions).filter(({ clientId, state }) => clientId !== first.clientId && state === "waiting");
    fill(this.refused,
      el("p.refused", {}, el("b", {}, _("Not taken: %(what)s", { what: actionTitle(first) })), el("br"), first.why.message),
      lost.length && !first.why.already ? el("p.refused", {}, _("Not sent with it: %(what)s", { what: lost.map(({ says }) => says).join(", ") })) : null,
      el("div.pair", {},
        el("button.big", { type: "button", onclick: () => outbox.putAway(first.clientId) }, _("Put away")),
        el("button.big", { type: "button", onclick: () => this.open() }, all.length > 1 ? _("All of them: %(n)s", { n: all.length }) : _("More"))));
  }
}

/** Bring them to the crew's page. */
export function bringOutboxLines() {
  const lines = new OutboxLines({ above: document.getElementById("crew-main"), foot: document.getElementById("crew-foot") });
  addCrewPart({ id: "outbox", tick: () => lines.draw() });
}
