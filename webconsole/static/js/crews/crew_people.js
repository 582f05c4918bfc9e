// Who is in a crew and with what: members, tickets that need a look, vehicles. Part of the crew's panel.
import { ApiError, get } from "../core/api.js";
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { equipmentLabel, skillLabel } from "../core/labels.js";
import { expiryLabel, ticketSign } from "../skills/ticket_labels.js";

const RELOADED_BY = /^(crew\.(members|skills)_changed|crew\.changed|person\.|ticket\.|vehicle\.)/;
const size = ({ height_m: height, weight_t: weight }) =>
  [height && _("%(n)s m high", { n: height }), weight && _("%(n)s t", { n: weight })].filter(Boolean).join(" · ");

function memberRow({ name, leads, phone, tickets }) {
  const pressing = tickets.filter((ticket) => expiryLabel(ticket) && !isReplaced(ticket, tickets));
  return el("li", {},
    el("span.line", {}, el("b", {}, name), leads ? el("span.leads", {}, _("leads")) : null,
      phone ? el("a.phone", { href: `tel:${phone.replaceAll(/[^+\d]/g, "")}` }, phone) : null),
    pressing.map((ticket) => el("span.ticket", { data: { state: ticket.state } }, `${ticketSign(ticket.state)} ${skillLabel(ticket.skill)}: ${expiryLabel(ticket)}`)));
}

/** An old ticket is no news where the same person has a good one for the same skill. */
const isReplaced = ({ skill, state }, tickets) => ["expired", "withdrawn"].includes(state) && tickets.some((each) => each.skill === skill && ["valid", "expires_soon"].includes(each.state));

function vehicleRow(vehicle) {
  const carried = vehicle.equipment.map(equipmentLabel).join(", ");
  return el("li", {},
    el("span.line", {}, el("b.plate", {}, vehicle.plate), vehicle.emergency ? el("span.tag", {}, _("blue lights")) : null, el("span", {}, vehicle.description)),
    [carried, size(vehicle)].filter(Boolean).map((words) => el("span.ticket", {}, words)));
}

export class CrewPeople {
  constructor(crewId) {
    this.id = crewId;
    this.asked = 0;
    this.node = el("section.crew-people", { hidden: true });
    this.load();
  }

  /** An event of the stream: of this crew, or of somebody in it. */
  heard(event) {
    if (RELOADED_BY.test(event.kind) && (event.crew_id === this.id || event.crew_id === null)) this.load();
  }

  async load() {
    const asked = (this.asked += 1);
    try {
      const card = await get(`/crews/${this.id}/card`);
      if (asked === this.asked) this.#draw(card);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // what is shown stays: it is asked again with the next change
    }
  }

  #draw({ members, vehicles }) {
    const present = members.filter((member) => member.present);
    this.node.hidden = present.length + vehicles.length === 0;
    fill(this.node,
      present.length ? [el("h3", {}, _("Members")), el("ul.people", {}, present.map(memberRow))] : null,
      vehicles.length ? [el("h3", {}, vehicles.length > 1 ? _("Vehicles") : _("Vehicle")), el("ul.people", {}, vehicles.map(vehicleRow)),
        vehicles.some(size) ? el("p.note", {}, _("Routes do not know heights and weights yet: mind low bridges.")) : null] : null);
  }
}
