// On the crew's page: that an order waits because something more urgent interrupted it.
import { el } from "../core/dom.js";
import { duration } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addCrewPart } from "../phone/crew_parts.js";

function lines({ suspended, rank }) {
  if (!suspended) return [];
  const worked = suspended.worked_s ? _("You had worked on it for %(time)s.", { time: duration(suspended.worked_s) }) : "";
  const words = rank > 0 ? _("Interrupted: #%(id)s comes first.", { id: suspended.for_incident_id }) : _("Interrupted before: set out to it again.");
  return [el("p.told.suspended", {}, [words, worked].filter(Boolean).join(" "))];
}

addCrewPart({ id: "suspended", order: 20, lines, look: ({ suspended, rank }) => (suspended ? `${suspended.at} ${rank}` : "") });
