// On the crew's page: where the caller said that he waits, for the order in hand.
import { get } from "../core/api.js";
import { el } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { emit } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";

/** Places by incident; null while they are asked for. */
const known = new Map();

async function load(incidentId) {
  if (!known.has(incidentId)) known.set(incidentId, null);
  try {
    const { places } = await get(`/incidents/${incidentId}/caller-places`);
    known.set(incidentId, places);
    if (places.length) emit("crew-part");
  } catch {
    known.delete(incidentId); // without signal: asked again when the order is drawn anew
  }
}

function lines({ incident_id: id }) {
  if (!known.has(id)) load(id);
  return (known.get(id) ?? []).map(({ lon, lat, words, said_at: at }) =>
    el("p.told.caller-place", {}, el("b", {}, _("The caller is here")), ` (${clock(at, { seconds: false })}) `, words,
      lon === null ? null : [" ", el("a", { href: `geo:${lat},${lon}` }, _("Show the spot"))]));
}

addCrewPart({
  id: "caller-place",
  order: 30,
  lines,
  look: ({ incident_id: id }) => (known.get(id) ?? []).map(({ said_at: at }) => at).join(),
  heard: ({ kind, incident_id: id }) => kind === "caller.placed" && load(id),
});
