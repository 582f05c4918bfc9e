// Administration of stations: the depots that crews start from.
import { showSubject } from "../administration/subject_page.js";
import { call, patch, post } from "../core/api.js";
import { coordinates } from "../core/format.js";
import { _ } from "../core/i18n.js";

await showSubject(() => ({
  path: "/stations",
  rows: "stations",
  order: "name",
  none: () => _("There is no station yet. Crews start from a station and return to it."),
  columns: [
    { name: "name", label: _("Name"), sort: true },
    { name: "place", label: _("Place"), cell: ({ lon, lat }) => coordinates(lon, lat) },
  ],
  fields: [
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "" },
    { name: "point", label: _("Place"), type: "point", required: true },
  ],
  create: { label: _("New station"), send: (values) => post("/stations", values) },
  change: { send: ({ id }, changed) => patch(`/stations/${id}`, changed), whole: true },
  remove: { sentence: ({ name }) => _("%(name)s is removed.", { name }), send: ({ id }) => call("DELETE", `/stations/${id}`) },
  bulk: [{ label: _("Remove"), send: (ids) => post("/stations/remove", { ids }) }],
  imports: "stations",
  exports: "stations",
}));
