// Administration of vehicles: plate, what they carry, how high and heavy they are, and which crew has them.
import { showSubject } from "../administration/subject_page.js";
import { patch, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { equipmentLabel } from "../core/labels.js";
import { crewOptions, equipmentOptions } from "../crews/register_options.js";

const inService = ({ retired_at: retired }) => !retired;
const number = (value, unit) => (value ? `${value} ${unit}` : "");

await showSubject(() => ({
  path: "/vehicles",
  rows: "vehicles",
  order: "plate",
  rowName: ({ plate }) => plate,
  help: () => [
    _("A vehicle says whether its crew drives with blue lights; of several vehicles all must be allowed to."),
    _("Routes do not know heights and weights yet: they are shown to the crew, and mind low bridges."),
  ],
  none: () => _("There is no vehicle yet."),
  columns: [
    { name: "plate", label: _("Plate"), sort: true },
    { name: "description", label: _("Description"), sort: true },
    { name: "crew_name", label: _("Crew"), sort: true },
    { name: "equipment", label: _("Carries"), cell: ({ equipment }) => equipment.map(equipmentLabel).join(", ") },
    { name: "emergency", label: _("Blue lights"), sort: true, cell: ({ emergency }) => (emergency ? _("yes") : _("no")) },
    { name: "height_m", label: _("Height"), sort: true, cell: ({ height_m: height }) => number(height, "m") },
    { name: "weight_t", label: _("Weight"), sort: true, cell: ({ weight_t: weight }) => number(weight, "t") },
  ],
  filters: [
    { name: "crew_id", label: _("Crew"), options: crewOptions },
    { name: "equipment", label: _("Carries"), options: equipmentOptions },
    { name: "emergency", label: _("Blue lights"), options: [["true", _("yes")], ["false", _("no")]] },
    { name: "service", label: _("State"), any: _("In service"), options: [["free", _("with no crew")], ["retired", _("retired")]] },
  ],
  fields: [
    { name: "plate", label: _("Plate"), required: true, maxlength: 100, blank: "" },
    { name: "description", label: _("Description"), maxlength: 100, blank: "" },
    { name: "crew_id", label: _("Crew that has it now"), type: "select", number: true, options: crewOptions },
    { name: "equipment", label: _("Carries"), type: "several", options: equipmentOptions, named: equipmentLabel },
    { name: "emergency", label: _("Emergency vehicle"), type: "check", help: _("With blue lights, to the kinds of incidents that permit it.") },
    { name: "height_m", label: _("Height, metres"), type: "number", min: 0.5, max: 10 },
    { name: "weight_t", label: _("Weight, tonnes, laden"), type: "number", min: 0.1, max: 200 },
  ],
  create: { label: _("New vehicle"), record: () => ({ equipment: [] }), send: (values) => post("/vehicles", values) },
  change: { send: ({ id }, changed) => patch(`/vehicles/${id}`, changed) },
  mayChange: inService,
  actions: [{ label: _("Retire"), when: inService, ask: ({ plate }) => _("No crew has %(plate)s any more, and another vehicle may have its plate.", { plate }), act: ({ id }) => post(`/vehicles/${id}/retire`) }],
  bulk: [
    { label: _("Add equipment"), fields: [{ name: "add_equipment", label: _("Carries"), type: "several", options: equipmentOptions }], send: (ids, values) => post("/vehicles/changes", { ids, ...values }) },
    { label: _("Retire"), send: (ids) => post("/vehicles/changes", { ids, retire: true }) },
  ],
  imports: "vehicles",
  exports: "vehicles",
}));
