// Crews whose shift ends: what they still have to do, and handing it to the crew that comes in.
import { ApiError, get } from "../core/api.js";
import { el, keyed, text } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { on, select } from "../core/store.js";
import { askHandOver } from "./hand_over_dialog.js";

const AGAIN_MS = 60_000;
const KINDS = /^(shift\.|rotation\.|swap\.decided|crew\.duty_changed)/;

class Leaving {
  constructor({ done }) {
    this.words = el("span");
    this.known = el("span.known");
    const act = (label, run, look) => el(`button.${look}.small`, { type: "button", onclick: run }, label);
    this.node = el("li.safety-call.leaving", {}, el("span.badge", {}, _("Hand over")), el("span.what", {}, this.words, this.known),
      el("span.actions", {}, act(_("Hand over…"), () => askHandOver(this.leaving, { done }), "primary"), act(_("Show"), () => select("crew", this.leaving.crew_id), "secondary")));
    this.node.card = this;
  }

  update(leaving) {
    this.leaving = leaving;
    const { crew_name: crew, ends_at: at, orders, incoming } = leaving;
    text(this.words, _("%(crew)s: shift until %(time)s", { crew, time: clock(at, { seconds: false }) }));
    const next = incoming.map(({ crew_name }) => crew_name).join(", ");
    text(this.known, [ngettext("%(n)s order", "%(n)s orders", orders.length), next ? _("then %(crews)s", { crews: next }) : _("nobody comes in")].join(" · "));
  }
}

/** `node` is the region of the alarms. */
export function leavingPanel(node) {
  const list = el("ul.safety-calls.leaving-list");
  node.append(list);
  let askedMs = -Infinity;
  async function load() {
    askedMs = Date.now();
    try {
      const { leaving } = await get("/hand-overs");
      keyed(list, leaving, { key: ({ crew_id }) => crew_id, create: () => new Leaving({ done: load }).node, update: (row, each) => row.card.update(each) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
  load();
  on("event", (event) => {
    const concerned = [...list.children].some((row) => row.card.leaving.crew_id === event.crew_id);
    if (KINDS.test(event.kind) || (concerned && event.kind.startsWith("assignment."))) load();
  });
  on("slow", () => Date.now() - askedMs >= AGAIN_MS && load());
  on("reset", load);
}
