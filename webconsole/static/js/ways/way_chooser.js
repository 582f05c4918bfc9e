// Up to three ways to an incident, with minutes, kilometres and what tells them apart; one tap chooses.
import { el, fill, text } from "../core/dom.js";
import { distance, travelTime } from "../core/format.js";
import { _ } from "../core/i18n.js";

function difference({ by, via }) {
  if (by) return _("by %(street)s", { street: by });
  return via ? _("another way") : _("the fastest way");
}

export class WayChooser {
  /** `course`: PathFollower; `choose(index)`: one of its `others` was tapped. */
  constructor(course, choose) {
    this.course = course;
    this.choose = choose;
    this.look = "";
    this.ways = el("div.ways", { role: "group", "aria-label": _("Ways to choose from") });
    this.summary = el("summary");
    this.node = el("details.other-ways", { hidden: true, open: true }, this.summary, this.ways);
    this.state = "";
  }

  /** Open before a crew sets out; while it drives the map has the room, until somebody opens it. */
  standFor({ id, state }) {
    if (this.state === `${id} ${state}`) return;
    this.state = `${id} ${state}`;
    this.node.open = state !== "en_route";
  }

  draw() {
    const { feature, others } = this.course;
    const ways = feature ? [{ ...feature.properties, index: -1 }, ...others.map((other, index) => ({ ...other, index }))] : [];
    // They keep their places, whichever is chosen.
    ways.sort((one, other) => one.travel_time_s - other.travel_time_s);
    const look = JSON.stringify(ways.map(({ index, by, via, travel_time_s, length_m }) => [index, by, via, travel_time_s, length_m]));
    if (look === this.look) return;
    this.look = look;
    this.node.hidden = ways.length < 2;
    text(this.summary, _("Other ways: %(n)s", { n: others.length }));
    fill(this.ways, ways.map((way) =>
      el("button.way-choice", { type: "button", "aria-pressed": String(way.index < 0), onclick: () => way.index < 0 || this.choose(way.index) },
        el("b", {}, travelTime(way.travel_time_s)), el("span.far", {}, distance(way.length_m)), el("span", {}, difference(way)))));
  }
}
