// The board of channels: a row for each crew, which keeps its place while what it says changes.
import { el, fill, text } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { dutyLabel } from "../core/labels.js";
import { channelLabel, gatewayKindLabel, lastLabel, standing, standingLabel, standingShape } from "./channel_labels.js";

const COLUMNS = ["page", "push", "gateway"];

function wayLines(way) {
  const key = standing(way);
  const name = way.name ? el("span.way-name", {}, way.name, el("span.why", {}, ` ${gatewayKindLabel(way.gateway_kind)} · ${way.address}`)) : null;
  return el("div.way", { data: { standing: key } },
    name,
    el("span.standing", {}, el("span.shape", { "aria-hidden": "true" }, standingShape(key)), standingLabel(way)),
    [key === "waiting" ? null : way.last_test, way.last_real].filter(Boolean).map((each) => el("span.last", {}, lastLabel(each))));
}

function cell(crew, column) {
  const ways = crew.channels.filter((way) => way.channel === column);
  const none = el("span.why", {}, column === "push" ? _("not set up on its phone") : _("no address"));
  return el("td", { data: { column } }, el("span.narrow-label", {}, channelLabel(column)), ways.length ? ways.map(wayLines) : none);
}

/** One row; `draw` keeps it current and leaves the button, and the keyboard's place, alone. */
class CrewRow {
  constructor({ ring, edit }) {
    this.name = el("span.crew-name");
    this.duty = el("span.why");
    this.cells = COLUMNS.map(() => el("td"));
    this.ring = el("button", { type: "button", onclick: () => ring(this.crew) }, _("Test ring"));
    this.edit = edit ? el("button.quiet", { type: "button", onclick: () => edit(this.crew) }, _("Addresses")) : null;
    this.node = el("tr", {}, el("th", { scope: "row" }, this.name, " ", this.duty), this.cells, el("td.row-actions", {}, this.ring, this.edit));
    this.drawn = "";
  }

  draw(crew) {
    this.crew = crew;
    text(this.name, crew.crew_name);
    text(this.duty, dutyLabel(crew.duty));
    this.node.dataset.duty = crew.duty;
    this.ring.setAttribute("aria-label", _("Test ring at %(crew)s", { crew: crew.crew_name }));
    this.edit?.setAttribute("aria-label", _("Addresses of %(crew)s", { crew: crew.crew_name }));
    COLUMNS.forEach((column, index) => {
      const now = cell(crew, column);
      if (this.cells[index].isEqualNode(now)) return;
      this.cells[index].replaceWith(now);
      this.cells[index] = now;
    });
  }
}

export class ChannelTable {
  /** `ring(crew)`, `edit(crew)`: what the buttons do; without `edit` nobody may. */
  constructor(actions) {
    this.actions = actions;
    this.rows = new Map();
    this.body = el("tbody");
    const heads = [_("Crew"), ...COLUMNS.map(channelLabel), _("Test")];
    this.node = el("table.channels", {}, el("thead", {}, el("tr", {}, heads.map((word) => el("th", { scope: "col" }, word)))), this.body);
  }

  draw(crews) {
    const wanted = crews.map((crew) => {
      if (!this.rows.has(crew.crew_id)) this.rows.set(crew.crew_id, new CrewRow(this.actions));
      const row = this.rows.get(crew.crew_id);
      row.draw(crew);
      return row.node;
    });
    const same = wanted.length === this.body.children.length && wanted.every((node, index) => node === this.body.children[index]);
    if (!same) fill(this.body, wanted);
  }
}
