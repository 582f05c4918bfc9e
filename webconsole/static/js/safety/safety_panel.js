// SOS and all crews report, above the other alarms: loud until somebody sees to it. No preference of
// this desk silences an SOS.
import { now, secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { age, clock, timer } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, select } from "../core/store.js";
import { notice } from "../notifications/desktop_notices.js";
import { sound, soundOf } from "../sounds/speaker.js";
import { board, endRollCall, endSos, sayWellFor, takeSos, watchSafety, whereIs } from "./safety_board.js";

const SOS_AGAIN_MS = 3000;
const CALL_AGAIN_MS = 15000;
const LATE_S = 60;
const minute = (iso) => clock(iso, { seconds: false });
const button = (words, act, look = "secondary.small") => el(`button.${look}`, { type: "button", onclick: act }, words);

function placeWords(sos) {
  const at = whereIs(sos);
  return at ? _("position %(age)s old", { age: age(secondsSince(at.fixed_at)) }) : _("position unknown");
}

class SosCall {
  constructor(sos) {
    this.words = el("span");
    this.known = el("span.known", { "aria-hidden": "true" });
    this.take = button(_("I see to it"), () => takeSos(this.sos), "primary");
    this.end = button(_("End…"), () => this.#ask());
    this.node = el("li.safety-call.sos-call", { data: { sosId: sos.id } }, el("span.badge", {}, "SOS"), el("span.what", {}, this.words, this.known),
      el("span.actions", {}, this.take, button(_("Show"), () => this.#show()), this.end));
  }

  #show() {
    const at = whereIs(this.sos);
    select("crew", this.sos.crew_id);
    if (at) document.dispatchEvent(new CustomEvent("lookat", { detail: at }));
  }

  #ask() {
    if (this.form?.isConnected) return;
    const input = el("input", { "aria-label": _("How did it end?"), placeholder: _("How did it end?"), maxlength: "300", autocomplete: "off" });
    this.form = el("form.end-form", { onsubmit: (event) => {
      event.preventDefault();
      endSos(this.sos, input.value.trim());
    } }, input, el("button.primary.small", { type: "submit" }, _("End the SOS")));
    this.node.append(this.form);
    input.focus();
  }

  update(sos) {
    this.sos = sos;
    const open = !sos.taken_at;
    this.node.classList.toggle("loud", open);
    this.take.hidden = !open;
    this.end.hidden = open;
    const names = { crew: sos.crew_name, time: minute(sos.raised_at), who: sos.taken_by };
    text(this.words, open ? _("%(crew)s is in distress since %(time)s", names) : _("%(crew)s since %(time)s: %(who)s sees to it", names));
    this.tick();
  }

  tick() {
    const { sos } = this;
    const lateS = (Date.parse(sos.received_at) - Date.parse(sos.raised_at)) / 1000;
    text(this.known, [
      timer(secondsSince(sos.raised_at)),
      placeWords(sos),
      lateS >= LATE_S ? _("came %(age)s late", { age: age(lateS) }) : "",
      sos.escalated_at && !sos.taken_at ? _("supervisor told at %(time)s", { time: minute(sos.escalated_at) }) : "",
    ].filter(Boolean).join(" · "));
  }
}

class RollCall {
  constructor(call) {
    this.words = el("span");
    this.known = el("span.known", { "aria-hidden": "true" });
    this.missing = el("ul.missing", { "aria-label": _("Crews that have not reported") });
    this.node = el("li.safety-call.roll-call", { data: { callId: call.id } }, el("span.badge", {}, _("Report")), el("span.what", {}, this.words, this.known),
      el("span.actions", {}, button(_("Ask no longer"), () => endRollCall(this.call))), this.missing);
  }

  update(call) {
    this.call = call;
    const missing = call.crews.filter((crew) => !crew.answered_at);
    this.node.classList.toggle("loud", Boolean(call.overdue_at));
    const of = call.incident_id ? _("All crews of #%(id)s report", { id: call.incident_id }) : _("All crews report");
    text(this.words, _("%(what)s: %(n)s of %(all)s have", { what: of, n: call.crews.length - missing.length, all: call.crews.length }));
    keyed(this.missing, missing, { key: (crew) => crew.crew_id, create: (crew) => this.#missed(crew), update: (row, crew) => row.draw(crew) });
    this.tick();
  }

  #missed(crew) {
    const told = el("span.known");
    const row = el("li", {}, el("button.name", { type: "button", onclick: () => select("crew", crew.crew_id) }, crew.crew_name), told,
      button(_("All right, by radio"), () => sayWellFor(crew.crew_id)));
    row.draw = (each) => {
      const at = whereIs(each);
      text(told, at ? _("seen %(age)s ago", { age: age(secondsSince(at.fixed_at)) }) : _("position unknown"));
    };
    return row;
  }

  tick() {
    const { call } = this;
    const leftS = (Date.parse(call.answer_by) - now()) / 1000;
    const left = leftS > 0 ? _("%(time)s left", { time: timer(leftS) }) : _("over time since %(time)s", { time: minute(call.answer_by) });
    text(this.known, [_("asked by %(who)s at %(time)s", { who: call.asked_by, time: minute(call.asked_at) }), left].join(" · "));
  }
}

/** `node` is the live region of the alarms. */
export function safetyPanel(node) {
  const list = el("ul.safety-calls");
  node.prepend(list);
  let lead = false;
  let sosAgainMs = 0;
  let callAgainMs = 0;
  let known = new Set();
  const items = () => [...board.sos.map((sos) => ({ key: `sos ${sos.id}`, made: SosCall, value: sos })), ...board.rollCalls.map((call) => ({ key: `call ${call.id}`, made: RollCall, value: call }))];
  const open = () => board.sos.filter((sos) => !sos.taken_at);

  const sounds = () => {
    if (!lead) return;
    const nowMs = Date.now();
    if (open().length && nowMs >= sosAgainMs) {
      sosAgainMs = nowMs + SOS_AGAIN_MS;
      soundOf("alarm", 1); // whatever this desk prefers
    }
    if (board.rollCalls.some((call) => call.overdue_at) && nowMs >= callAgainMs) {
      callAgainMs = nowMs + CALL_AGAIN_MS;
      sound("unanswered");
    }
  };
  const draw = () => {
    keyed(list, items(), {
      key: ({ key }) => key,
      create: ({ made: Made, value }) => {
        const part = new Made(value);
        part.node.card = part;
        return part.node;
      },
      update: (row, { value }) => row.card.update(value),
    });
    for (const sos of open()) {
      if (!known.has(sos.id) && lead) notice("trouble", _("SOS from %(crew)s", { crew: sos.crew_name }), { kind: "crew", id: sos.crew_id });
    }
    known = new Set(open().map(({ id }) => id));
    sounds();
  };
  const tick = () => {
    for (const row of list.children) row.card.tick();
    const [first] = open();
    if (first) document.title = `SOS ${first.crew_name} · ${ngettext("%(n)s call", "%(n)s calls", open().length)}`;
    sounds();
  };
  on("lead", (now_) => {
    lead = now_;
    sounds();
  });
  on("safety", draw);
  on("tick", tick);
  watchSafety();
}
