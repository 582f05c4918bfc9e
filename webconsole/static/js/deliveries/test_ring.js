// A test ring at the crew's page: it rings softly and is confirmed with one touch. Whatever is real
// goes before it.
import { ApiError, post } from "../core/api.js";
import { now, secondsSince } from "../core/clock.js";
import { el } from "../core/dom.js";
import { timer } from "../core/format.js";
import { _ } from "../core/i18n.js";

const HOLDS_MS = 120000; // as long as the desk waits for it

export class TestRing {
  /** `changed()`: the screen may be another now. `driving()`: nobody tries out whoever drives. */
  constructor({ changed, driving }) {
    this.changed = changed;
    this.driving = driving;
    this.rung = null;
    /** As it stands on the crew's page (`phone/crew_parts.js`): behind all that is real. */
    this.part = {
      id: "test",
      order: 90,
      heard: (event) => this.#heard(event),
      screen: () => (this.#rings() ? { key: String(this.rung.id), node: () => this.#screen(), ring: "notice" } : null),
    };
  }

  /** Somebody at the desk rings this crew for trial. */
  #heard({ kind, at, data }) {
    if (kind !== "crew.test_rung" || !data?.page_delivery_id) return;
    this.rung = { id: data.page_delivery_id, at, until: now() + HOLDS_MS };
    this.changed();
  }

  #rings() {
    if (this.rung && now() > this.rung.until) this.rung = null;
    return this.rung !== null && !this.driving();
  }

  async #confirm() {
    const { id } = this.rung;
    this.rung = null;
    this.changed();
    try {
      await post(`/deliveries/${id}/confirm`, {});
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // unconfirmed, the desk sees that
    }
  }

  #screen() {
    const parts = { since: el("time.ringing-for", {}, timer(secondsSince(this.rung.at))), sinceAt: this.rung.at };
    const screen = el("div.screen.notice-screen", { data: { kind: "test" } },
      el("div.ring-line", { role: "alert" }, el("b", {}, _("Test ring")), parts.since),
      el("div.middle", {},
        el("h2.title", {}, _("Nothing has happened")),
        el("p.notice-what", {}, _("The desk tries whether this phone rings."))),
      el("div.actions", {}, el("button.big.go", { type: "button", onclick: () => this.#confirm() }, _("I hear it"))));
    screen.parts = parts;
    return screen;
  }
}
