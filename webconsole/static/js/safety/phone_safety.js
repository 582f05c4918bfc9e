// The crew's safety on its page: the check-in on scene with its countdown, questions to all crews,
// help and SOS. It rings by the phone's own clock, with or without signal.
import { ApiError, get } from "../core/api.js";
import { now } from "../core/clock.js";
import { el, text } from "../core/dom.js";
import { clock, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { readStored, writeStored } from "../core/browser_storage.js";
import { outbox } from "../outbox/outbox.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { rollCallNow, sosNow, watchNow } from "./crew_watch.js";
import { WORK_PLACES, helpLabel, workPlaceLabel } from "./safety_labels.js";
import { CALLS, safetyPending, tellSafety } from "./safety_outbox.js";
import { checkInScreen, helpScreen, rollCallScreen } from "./safety_screens.js";
import { sosButton } from "./sos_button.js";

const clockOf = (ms) => clock(new Date(ms).toISOString(), { seconds: false });

class PhoneSafety {
  /** `place()`: where the phone is, if it knows; `order()`: the one in hand; `changed()`: draw anew. */
  constructor(crewId, { place, order, changed }) {
    Object.assign(this, { crewId, place, order, changed });
    this.stored = `nearcrew-safety-known-${crewId}`;
    this.known = readStored(this.stored, null);
    this.asksHelp = false;
    this.#build();
    outbox.listen(async ({ sent }) => {
      if (sent && CALLS.includes(sent.kind)) await this.load();
      this.#draw();
    });
  }

  #build() {
    this.left = el("b.left");
    this.until = el("span.until");
    this.well = el("button.well", { type: "button", onclick: () => this.sayWell() }, _("We are all right"));
    this.places = WORK_PLACES.map((code) => el("button.place", { type: "button", data: { code }, onclick: () => this.sayWell({ place: code }) }, workPlaceLabel(code)));
    this.watchRow = el("div.watch-row", { hidden: true }, el("span.watch-words", {}, this.until, " ", this.left), this.well);
    this.placeRow = el("div.place-row", { role: "group", "aria-label": _("Where do you work?"), hidden: true }, this.places);
    this.sosLine = el("p.sos-line", { role: "status", hidden: true });
    this.helpLine = el("p.help-line", { hidden: true });
    this.helpButton = el("button.help", { type: "button", hidden: true, onclick: () => this.#askHelp(true) }, _("We need help"));
    this.node = el("section.safety-dock", { "aria-label": _("Safety") }, this.sosLine, this.helpLine, this.watchRow, this.placeRow,
      el("div.call-row", {}, this.helpButton, sosButton(() => this.#raise())));
    this.#draw();
  }

  get watch() {
    return watchNow(this.known, safetyPending("check-in"));
  }

  async load() {
    try {
      this.known = await get(`/crews/${this.crewId}/safety`);
      writeStored(this.stored, this.known); // a phone that is started anew without signal rings all the same
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    this.#draw();
  }

  sayWell(details = {}) {
    tellSafety(this.crewId, "check-in", { ...this.#at(), ...details });
  }

  #raise() {
    const fix = this.place();
    tellSafety(this.crewId, "sos", { ...this.#at(), ...(fix ? { fixed_at: new Date(fix.timestamp).toISOString() } : {}) });
  }

  #askHelp(asks) {
    this.asksHelp = asks;
    this.#draw();
    this.changed();
  }

  #at() {
    const fix = this.place();
    return fix ? { lon: fix.lon, lat: fix.lat } : {};
  }

  /** What wants the whole screen: a question that rings, or the kinds of help. */
  screen() {
    const acts = { well: () => this.sayWell(), help: this.order() ? () => this.#askHelp(true) : null };
    if (this.asksHelp && this.order()) {
      const send = (what) => {
        this.asksHelp = false;
        tellSafety(this.crewId, "need-help", { ...this.#at(), what, assignment_id: this.order().id });
      };
      return { key: "help", node: () => helpScreen({ send, back: () => this.#askHelp(false) }) };
    }
    const call = rollCallNow(this.known, safetyPending("check-in"));
    if (call) return { key: `call ${call.id}`, ring: "check_in", node: () => this.#keep(rollCallScreen(call, acts)) };
    const { watch } = this;
    if (watch && now() >= watch.dueMs) return { key: `watch ${watch.id} ${watch.dueMs}`, ring: "check_in", node: () => this.#keep(checkInScreen(watch, acts)) };
    return null;
  }

  #keep(screen) {
    this.shown = screen;
    return screen;
  }

  #draw() {
    const { watch } = this;
    const asking = Boolean(this.screen()); // then it has the same buttons, larger
    this.watchRow.hidden = this.placeRow.hidden = !watch || asking;
    if (watch) {
      text(this.until, _("Report by %(time)s", { time: clockOf(watch.dueMs) }));
      const pending = safetyPending("check-in").findLast(({ body }) => body.place)?.body.place;
      for (const button of this.places) button.setAttribute("aria-pressed", String(button.dataset.code === (pending ?? watch.place)));
    }
    const order = this.order();
    this.helpButton.hidden = !order || order.state === "offered" || asking;
    const asked = safetyPending("need-help").at(-1)?.body.what ?? this.known?.help[0]?.what;
    this.helpLine.hidden = !asked;
    text(this.helpLine, asked ? _("Help wanted: %(what)s. The desk sees to it.", { what: helpLabel(asked) }) : "");
    this.#drawSos();
    this.tick();
  }

  #drawSos() {
    const sos = sosNow(this.known, safetyPending("sos"));
    this.sosLine.hidden = sos.phase === "none";
    this.sosLine.dataset.phase = sos.phase;
    const at = sos.raisedAt && clock(sos.raisedAt, { seconds: false });
    const words = {
      unsent: () => _("SOS of %(time)s is not sent yet: no connection. It is tried again all the time; call as well.", { time: at }),
      sent: () => _("SOS sent at %(time)s. It sounds at every desk until somebody takes it.", { time: at }),
      seen: () => _("%(who)s has seen your SOS at %(time)s and sees to it.", { who: sos.by, time: clock(sos.seenAt, { seconds: false }) }),
    }[sos.phase];
    text(this.sosLine, words ? words() : "");
  }

  tick() {
    const { watch } = this;
    if (watch) {
      const leftS = (watch.dueMs - now()) / 1000;
      text(this.left, leftS > 0 ? timer(leftS) : _("due now"));
    }
    this.shown?.tick();
    const look = JSON.stringify([this.screen()?.key, this.order()?.state]);
    if (look === this.look) return;
    this.look = look;
    this.#draw();
    this.changed();
  }
}

/** Bring it to the crew's page. */
export function bringSafety(crewId, surroundings) {
  const safety = new PhoneSafety(crewId, surroundings);
  addCrewPart({
    id: "safety",
    order: 10,
    urgent: true,
    screen: () => safety.screen(),
    dock: safety.node,
    load: () => safety.load(),
    tick: () => safety.tick(),
  });
  return safety;
}
