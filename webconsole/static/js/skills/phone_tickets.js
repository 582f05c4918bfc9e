// On the crew's page: which tickets of its own people expire soon, or have expired, below all screens.
import { get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill } from "../core/dom.js";
import { skillLabel } from "../core/labels.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { expiryLabel } from "./ticket_labels.js";

const RELOADED_BY = /^(crew\.(members|skills)_changed|ticket\.)/;
const dock = el("ul.ticket-dock", { hidden: true });

const pressing = ({ members }) =>
  members.filter(({ present }) => present).flatMap(({ name, tickets }) => {
    const good = new Set(tickets.filter(({ state }) => state === "valid").map(({ skill }) => skill));
    return tickets
      .filter((ticket) => ["expires_soon", "expired"].includes(ticket.state) && !good.has(ticket.skill))
      .map((ticket) => el("li", { data: { state: ticket.state } }, `${name}: ${skillLabel(ticket.skill)} · ${expiryLabel(ticket)}`));
  });

async function load() {
  const rows = pressing(await get(`/crews/${boot.crew_id}/card`));
  fill(dock, rows);
  dock.hidden = rows.length === 0;
}

addCrewPart({ id: "tickets", order: 90, dock, load, heard: ({ kind }) => RELOADED_BY.test(kind) && load().catch(() => {}) }); // it is asked again with the page
