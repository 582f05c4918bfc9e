// Administration of the utility's own layers: mains, valves, stations, brought by a file.
import { utilityChoices } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, patch } from "../core/api.js";
import { clock } from "../core/format.js";
import { _, isChinese } from "../core/i18n.js";
import { utilityLabel } from "../core/labels.js";
import { fileImport } from "./file_import.js";

const KINDS = { mains: () => _("Mains"), valves: () => _("Valves"), stations: () => _("Stations"), districts: () => _("Districts"), other: () => _("Other layer") };
const kinds = () => Object.entries(KINDS).map(([code, words]) => [code, words()]);
const utilities = () => [["all", _("All utilities")], ...utilityChoices()];
const called = ({ name, name_zh: chinese }) => (isChinese() && chinese) || name;

await showSubject(() => ({
  whole: async () => (await get("/layers")).layers,
  rowName: called,
  help: () => [_("The utility's own records on the map. A file that is imported under a name takes the place of the layer of that name; open consoles show it at once.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: called, value: called },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => KINDS[kind]() },
    { name: "utility", label: _("Utility"), sort: true, cell: ({ utility }) => (utility ? utilityLabel(utility) : _("All utilities")) },
    { name: "features", label: _("Features"), sort: true, cell: ({ features }) => String(features) },
    { name: "source_file", label: _("File"), sort: true },
    { name: "imported_at", label: _("Imported"), sort: true, cell: ({ imported_at: at }) => clock(at, { seconds: false }) },
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kinds }],
  fields: [
    { name: "file", label: _("File"), type: "file", required: true, only: "new", accept: ".gpkg,.geojson,.json,.zip", help: _("GeoPackage, GeoJSON, or a Shapefile in a .zip; 50 MB at most.") },
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "", help: _("A layer of that name is replaced.") },
    { name: "name_zh", label: _("Chinese name"), maxlength: 100 },
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kinds },
    { name: "utility", label: _("Utility"), type: "select", required: true, options: utilities, value: ({ utility }) => utility ?? "all" },
    { name: "colour", label: _("Colour"), placeholder: "#0072b2", help: _("Blank: the colour of its kind.") },
    { name: "label_field", label: _("Attribute that things are called by"), only: "new" },
    ...fileImport.fields("new"),
  ],
  create: { label: _("Import a file"), record: () => ({ kind: "other", datum: "wgs84" }), send: fileImport.send("/layers"), done: fileImport.done },
  change: { send: ({ id }, { colour, ...rest }) => patch(`/layers/${id}`, colour === undefined ? rest : { ...rest, colour: colour ?? "" }) },
  remove: { sentence: (row) => _("%(name)s is removed. Its file is where it came from.", { name: called(row) }), send: ({ id }) => call("DELETE", `/layers/${id}`) },
}));
