// Panel of one crew: what it is doing, how old its position is, what it has to do next.
import { arrivalLine, isQueued } from "../assignments/progress.js";
import { ApiError, get } from "../core/api.js";
import { el, fill, keyed, text } from "../core/dom.js";
import { clock, coordinates, distance, speed } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { assignmentState, crewState, dutyLabel, incidentTitle, skillLabel } from "../core/labels.js";
import { followCrew, on, select, state } from "../core/store.js";
import { callOff, moveUpOf } from "../cover/move_ups.js";
import { crewGlyph } from "../map/board/glyphs.js";
import { gathered } from "../notices/notice_labels.js";
import { NoticeLine } from "../notices/notice_line.js";
import { copyButton } from "../widgets/copy_button.js";
import { drawPhoneChecks } from "../reach/phone_check_line.js";
import { drawReach, reachBadge } from "../reach/reach_badge.js";
import { keepPlace } from "../widgets/scroll_anchor.js";
import { lapseLabel } from "../skills/ticket_labels.js";
import { rotaWords } from "../shifts/rota_now.js";
import { isParked, isStale, placeWords } from "./crew_place.js";
import { CrewPeople } from "./crew_people.js";
import { setDuty } from "./duty.js";

/** Both sides see the same: to whom or by whom, and until when. */
const lentWords = ({ here, to, by, until_at: until }) => (here
  ? _("by %(unit)s until %(time)s", { unit: by, time: clock(until, { seconds: false }) })
  : _("to %(unit)s until %(time)s", { unit: to, time: clock(until, { seconds: false }) }));

const DUTIES = ["on_duty", "on_break", "off_duty"];

export class CrewPanel {
  constructor(crewId) {
    this.id = crewId;
    this.orders = null;
    this.asked = 0;
    this.node = this.#build();
    const place = keepPlace(this.scroll);
    this.stops = [
      () => place.stop(),
      on("crews", () => this.draw()),
      on("positions", () => this.draw()),
      on("tick", () => this.draw()),
      on("moveups", () => this.draw()),
      on("rota", () => this.draw()),
      on("following", () => this.#drawFollow()),
      on("event", (event) => {
        if (event.crew_id === crewId) this.#load();
        this.people.heard(event);
      }),
      on("reset", () => {
        this.#load();
        this.people.load();
      }),
    ];
    this.draw();
    this.#load();
  }

  close() {
    for (const stop of this.stops) stop();
  }

  #build() {
    this.heading = el("h2");
    this.facts = el("div.facts-line");
    this.details = el("dl.details");
    this.fix = el("dd");
    this.reach = reachBadge(null);
    this.phones = el("section.phone-checks", { hidden: true });
    this.place = el("span.exact");
    this.list = el("ul.orders");
    this.told = el("ul.orders");
    this.follow = el("button.secondary.small.follow", { type: "button", title: _("Keep this crew in view (Shift F)"), onclick: () => followCrew(state.followingCrewId === this.id ? null : this.id) });
    this.duty = el("div.segments", { role: "group", "aria-label": _("Duty") },
      DUTIES.map((duty) => el("button.segment-button", { type: "button", data: { duty }, onclick: () => setDuty({ id: this.id }, duty) }, dutyLabel(duty))));
    this.people = new CrewPeople(this.id);
    this.scroll = el("div.scroll", {},
      this.details,
      this.people.node,
      this.phones,
      el("section", {}, el("div.section-head", {}, el("h3", {}, _("Orders")), el("a.replay-link", { href: `/replay/crew/${this.id}` }, _("Replay"))), this.told, this.list),
      el("section", {}, el("h3", {}, _("Duty, set from the desk")), this.duty));
    return el(
      "section.panel.crew-panel",
      {},
      el("header.panel-head", {}, el("div", {}, this.heading, this.facts), this.follow,
        el("button.quiet.icon", { type: "button", "aria-label": _("Close this panel"), title: "Esc", onclick: () => select(null) }, "×")),
      this.scroll,
    );
  }

  async #load() {
    drawPhoneChecks(this.phones, this.id).catch(() => {}); // asked for again with the rest
    const asked = (this.asked += 1);
    try {
      const [{ assignments }, { notices }] = await Promise.all(["assignments", "notices"].map((of) => get(`/crews/${this.id}/${of}`)));
      if (asked !== this.asked) return; // a newer question is on its way
      this.orders = assignments;
      this.notices = gathered(notices).map(({ newest, kind }) => ({ ...newest, kind }));
      this.failed = null;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (asked !== this.asked) return;
      this.failed = error;
    }
    this.#drawOrders();
  }

  draw() {
    const crew = state.crews.get(this.id);
    if (!crew) return;
    // Copying, and the keyboard's place, outlast the news of other crews.
    const moveUp = moveUpOf(this.id);
    const look = `${typeof crew.lon}|${isStale(crew)}|${moveUp?.id} ${moveUp?.state}|${rotaWords(this.id)}`;
    if (this.shown === crew && this.look === look) {
      this.#fix();
      return;
    }
    Object.assign(this, { shown: crew, look });
    text(this.heading, crew.name);
    this.#drawFollow();
    fill(this.facts, el("span.state-word", {}, crewGlyph(crew.state, { stale: isStale(crew) }), crewState(crew.state)),
      crew.station_name ? el("span", {}, crew.station_name) : null);
    const row = (label, value) => (value === null || value === undefined || value === "" ? [] : [el("dt", {}, label), el("dd", {}, value)]);
    fill(
      this.details,
      el("dt", {}, _("Position")), this.fix,
      typeof crew.lon === "number" ? [el("dt", {}, _("Coordinates")), el("dd", {}, this.place, copyButton(_("Copy the coordinates"), () => this.place.textContent))] : [],
      row(_("Lent"), crew.lent && lentWords(crew.lent)),
      row(_("Moving up"), moveUp && this.#moveUp(moveUp)),
      row(_("Skills"), (crew.skills ?? []).map(skillLabel).join(", ")),
      row(_("No longer"), (crew.lapsed ?? []).length ? el("span.late", {}, crew.lapsed.map((each) => lapseLabel(skillLabel(each.skill), each)).join(" · ")) : null),
      row(_("Blue lights"), crew.emergency_drive ? _("may drive with them") : null),
      row(_("Shift"), rotaWords(this.id)),
      row(_("Orders today"), String(crew.workload?.today ?? 0)),
      row(_("Battery"), typeof crew.battery_pct === "number" ? `${Math.round(crew.battery_pct)} %` : null),
      el("dt", {}, _("Reached by")), el("dd", {}, this.reach),
    );
    for (const button of this.duty.children) button.setAttribute("aria-pressed", String(button.dataset.duty === crew.duty));
    this.#fix();
  }

  #moveUp(moveUp) {
    const said = moveUp.state === "asked" ? _("asked, no answer yet") : _("accepted");
    return el("span", {}, `${moveUp.place || coordinates(moveUp.lon, moveUp.lat)} · ${said} `,
      el("button.secondary.small", { type: "button", onclick: () => callOff(moveUp) }, _("Call off")));
  }

  #drawFollow() {
    const following = state.followingCrewId === this.id;
    const { lon } = state.crews.get(this.id) ?? {};
    this.follow.disabled = typeof lon !== "number";
    this.follow.setAttribute("aria-pressed", String(following));
    text(this.follow, following ? _("Following") : _("Follow"));
  }

  #fix() {
    const crew = state.crews.get(this.id);
    if (!crew) return;
    for (const row of this.told.children) row.draw(row.notice);
    drawReach(this.reach, crew.reachable);
    if (!crew.fixed_at) {
      text(this.fix, _("No position yet"));
      return;
    }
    const facts = isParked(crew) ? [placeWords(crew)] : [placeWords(crew), clock(crew.fixed_at)];
    if (typeof crew.accuracy_m === "number") facts.push(`± ${distance(Math.max(10, crew.accuracy_m))}`);
    if (!isStale(crew) && (crew.speed_mps ?? 0) > 0.5) facts.push(speed(crew.speed_mps));
    if (isStale(crew)) facts.unshift(_("Too old to rely on"));
    text(this.fix, facts.join(" · "));
    text(this.place, coordinates(crew.lon, crew.lat));
    this.fix.classList.toggle("late", isStale(crew));
  }

  /** What it was told and has not confirmed, of whichever order: also of one that it no longer has. */
  #toldRow() {
    const [line, about] = [new NoticeLine(), el("button.quiet", { type: "button", onclick: () => select("incident", row.incidentId) })];
    const row = el("li", {}, about, line.node);
    row.draw = (notice) => {
      row.incidentId = notice.incident_id;
      row.notice = notice;
      text(about, incidentTitle({ id: notice.incident_id, kind: notice.incident_kind }));
      line.draw(notice);
    };
    return row;
  }

  #drawOrders() {
    if (this.failed) {
      fill(this.list, el("li.note", {}, this.failed.message));
      return;
    }
    keyed(this.told, this.notices ?? [], { key: ({ id }) => id, create: () => this.#toldRow(), update: (row, notice) => row.draw(notice) });
    if (!this.orders?.length) {
      fill(this.list, el("li.note", {}, _("No orders.")));
      return;
    }
    fill(this.list, this.orders.map((order) =>
      el("li", {},
        el("button.order-row", { type: "button", onclick: () => select("incident", order.incident_id) },
          el("span.rank", {}, order.rank === 0 ? _("now") : _("next %(n)s", { n: order.rank })),
          el("span.body", {},
            el("span.kind", {}, order.incident ? incidentTitle(order.incident) : `#${order.incident_id}`),
            el("span.place", {}, order.incident?.address ?? ""),
            el("span.state", {}, assignmentState(order.state), isQueued(order) ? "" : ` · ${arrivalLine(order)}`))))));
  }
}
