// Labels and icons of search results.
import { stageOfLabel } from "../assignments/progress.js";
import { svg } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { dutyLabel, incidentTitle } from "../core/labels.js";
import { state } from "../core/store.js";

const KINDS = {
  address: () => _("Address"),
  street: () => _("Street"),
  crossing: () => _("Crossing"),
  place: () => _("Place"),
  coordinate: () => _("Coordinates"),
  crew: () => _("Crew"),
  incident: () => _("Incident"),
};

const CATEGORIES = {
  bank: () => _("Bank"),
  bridge: () => _("Bridge"),
  building: () => _("Building"),
  culture: () => _("Culture"),
  estate: () => _("Housing estate"),
  fire_station: () => _("Fire station"),
  fuel: () => _("Filling station"),
  harbour: () => _("Harbour"),
  hospital: () => _("Medical"),
  hotel: () => _("Hotel"),
  industry: () => _("Industry"),
  nature: () => _("Landscape"),
  office: () => _("Office"),
  park: () => _("Park"),
  parking: () => _("Car park"),
  pharmacy: () => _("Pharmacy"),
  police: () => _("Police"),
  public_building: () => _("Public building"),
  school: () => _("School"),
  service: () => _("Service"),
  settlement: () => _("Settlement"),
  shop: () => _("Shop"),
  sport: () => _("Sports ground"),
  square: () => _("Square"),
  station: () => _("Transport station"),
  stop: () => _("Stop"),
  utility: () => _("Utility plant"),
  worship: () => _("Place of worship"),
};

const DATUMS = { gcj02: "GCJ-02 → WGS 84", bd09: "BD-09 → WGS 84" };

// Outlines in a box of 24: a shape beside every word, for those who look and do not read.
const ICONS = {
  address: "M4 11 12 4l8 7M6.5 9.5V20h11V9.5M10.5 20v-5h3v5",
  street: "M8 3 5 21M16 3l3 18M12 4v3M12 10.5v3M12 17v3",
  crossing: "M9.5 3v6.5H3M14.5 3v6.5H21M9.5 21v-6.5H3M14.5 21v-6.5H21",
  place: "M12 21s-6.5-6.2-6.5-11a6.5 6.5 0 0 1 13 0c0 4.8-6.5 11-6.5 11zM12 12.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  coordinate: "M12 3v5M12 16v5M3 12h5M16 12h5M12 13.200a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.400z",
  crew: "M3 16V7h10v9M13 10h4l4 4v2H3M7.5 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6zM17 19a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  incident: "M12 3.5 21.5 20h-19zM12 10v4.500M12 17.200v.3",
};

export const resultIcon = (kind) =>
  svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("path", { d: ICONS[kind] ?? ICONS.place }));

export const resultKind = (kind) => (KINDS[kind] ?? KINDS.place)();

/** How sure the position of an address is; empty where it is the house itself. */
export function addressDoubt({ precision, house, between = [] }) {
  if (precision === "street") return _("No number %(house)s known: street", { house });
  if (precision !== "interpolated") return "";
  const [first, second] = between;
  return second ? _("Between %(first)s and %(second)s, estimated", { first, second }) : _("At %(first)s, estimated", { first });
}

/** What stands above. */
export function resultTitle(result) {
  if (result.kind === "incident") return incidentTitle({ kind: result.incident_kind, id: result.id });
  return result.label;
}

/** What stands below: which sort of thing, in which state, and where. */
export function resultDetail(result) {
  const sort = {
    place: () => CATEGORIES[result.category]?.() ?? resultKind("place"),
    crew: () => `${resultKind("crew")} · ${dutyLabel(result.state)}`,
    incident: () => stageOfLabel(state.incidents.get(result.id) ?? result),
    coordinate: () => DATUMS[result.datum] ?? resultKind("coordinate"),
    address: () => addressDoubt(result) || resultKind("address"),
  }[result.kind]?.() ?? resultKind(result.kind);
  return [sort, result.detail].filter(Boolean).join(" · ");
}
