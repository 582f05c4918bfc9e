// Crews on duty that are not heard of any more, among the alarms: loud until somebody sees to it or
// the crew is heard.
import { get, post } from "../core/api.js";
import { secondsSince } from "../core/clock.js";
import { el, keyed, text } from "../core/dom.js";
import { age, clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, select, state } from "../core/store.js";
import { attempt } from "../incidents/attempt.js";
import { notice } from "../notifications/desktop_notices.js";
import { sound } from "../sounds/speaker.js";

const SHOWN = 5; // where the network is down, hundreds are silent: one line says how many
const AGAIN_MS = 15000;
const SOON_MS = 150;
const EVENTS = new Set(["crew.silent", "crew.silence_seen", "crew.silence_escalated", "crew.heard_again", "crew.duty_changed"]);

/** Since when it is not heard: one that never was, since it went on duty and was missed. */
const sinceWords = (crew) => (crew.heard_at
  ? _("%(crew)s is not heard since %(time)s", { crew: crew.crew_name, time: clock(crew.heard_at, { seconds: false }) })
  : _("%(crew)s is on duty and was never heard", { crew: crew.crew_name }));

class SilentCrew {
  constructor() {
    this.words = el("span");
    this.known = el("span.known", { "aria-hidden": "true" });
    this.see = el("button.primary.small", { type: "button", onclick: () => attempt(() => post(`/silent-crews/${this.crew.crew_id}/see`), load) }, _("I see to it"));
    this.node = el("li.safety-call.silent-call", {}, el("span.badge", {}, _("Not heard")), el("span.what", {}, this.words, this.known),
      el("span.actions", {}, this.see, el("button.secondary.small", { type: "button", onclick: () => this.#show() }, _("Show"))));
  }

  #show() {
    select("crew", this.crew.crew_id);
    const at = this.crew.last_lonlat;
    if (at) document.dispatchEvent(new CustomEvent("lookat", { detail: { lon: at[0], lat: at[1] } }));
  }

  update(crew) {
    this.crew = crew;
    this.node.dataset.crewId = crew.crew_id;
    this.node.classList.toggle("loud", !crew.seen_at);
    this.see.hidden = Boolean(crew.seen_at);
    text(this.words, crew.seen_at ? _("%(crew)s: %(who)s sees to it", { crew: crew.crew_name, who: crew.seen_by }) : sinceWords(crew));
    this.tick();
  }

  tick() {
    const { crew } = this;
    text(this.known, [
      crew.fixed_at ? _("position %(age)s old", { age: age(secondsSince(crew.fixed_at)) }) : _("position unknown"),
      crew.escalated_at && !crew.seen_at ? _("supervisor told at %(time)s", { time: clock(crew.escalated_at, { seconds: false }) }) : "",
    ].filter(Boolean).join(" · "));
  }
}

let silent = [];
let asked = 0;
let timer = null;
let draw = () => {};

async function load() {
  clearTimeout(timer);
  const number = (asked += 1);
  try {
    const answer = await get("/silent-crews");
    if (number !== asked) return;
    silent = answer.silent;
    draw();
  } catch {
    timer = setTimeout(load, 3000);
  }
}

/** `node` is the live region of the alarms. */
export function silencePanel(node) {
  const list = el("ul.safety-calls.silent-calls");
  const more = el("a.silent-more", { href: "/trackers?trouble=silent", hidden: true });
  node.append(list, more);
  let lead = false;
  let againMs = 0;
  let known = null;
  const open = () => silent.filter((crew) => !crew.seen_at);

  const sounds = () => {
    if (!lead || !open().length || Date.now() < againMs) return;
    againMs = Date.now() + AGAIN_MS;
    sound("unanswered");
  };
  draw = () => {
    const first = [...open(), ...silent.filter((crew) => crew.seen_at)].slice(0, SHOWN);
    keyed(list, first, {
      key: (crew) => crew.crew_id,
      create: () => {
        const part = new SilentCrew();
        part.node.card = part;
        return part.node;
      },
      update: (row, crew) => row.card.update(crew),
    });
    const rest = silent.length - first.length;
    more.hidden = rest <= 0;
    text(more, rest > 0 ? ngettext("One more crew is not heard", "%(n)s more crews are not heard", rest) : "");
    const fresh = open().filter((crew) => known && !known.has(crew.crew_id));
    if (lead && fresh.length) notice("trouble", fresh.length === 1 ? sinceWords(fresh[0]) : ngettext("%(n)s crew is not heard", "%(n)s crews are not heard", fresh.length), { kind: "crew", id: fresh[0].crew_id });
    known = new Set(open().map((crew) => crew.crew_id));
    sounds();
  };
  on("lead", (now) => {
    lead = now;
    sounds();
  });
  on("tick", () => {
    for (const row of list.children) row.card.tick();
    sounds();
  });
  on("event", ({ kind }) => {
    if (!EVENTS.has(kind)) return;
    clearTimeout(timer);
    timer = setTimeout(load, SOON_MS);
  });
  let phase = null;
  on("connection", () => {
    if (state.connection.phase === "live" && phase !== "live") load();
    phase = state.connection.phase;
  });
  load();
}
