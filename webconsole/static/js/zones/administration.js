// Administration of zones: districts and response areas. They are drawn on the map, or come from a file.
import { showSubject } from "../administration/subject_page.js";
import { call, patch } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { fileImport } from "../layers/file_import.js";

const KINDS = { district: () => _("District"), response_area: () => _("Response area") };
const kinds = () => Object.entries(KINDS).map(([code, words]) => [code, words()]);

await showSubject(() => ({
  path: "/zones",
  rows: "zones",
  order: "kind",
  help: () => [_("Zones are drawn on the console's map, or come from a file; those of a known kind and name are replaced.")],
  columns: [
    { name: "name", label: _("Name"), sort: true },
    { name: "name_zh", label: _("Chinese name"), sort: true },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => KINDS[kind]() },
    { name: "updated_at", label: _("Changed"), sort: true, cell: ({ updated_at: at }) => clock(at, { seconds: false }) },
    { name: "updated_by", label: _("By"), sort: true },
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kinds }],
  fields: [
    { name: "file", label: _("File"), type: "file", required: true, only: "new", accept: ".gpkg,.geojson,.json,.zip", help: _("GeoPackage, GeoJSON, or a Shapefile in a .zip; 50 MB at most.") },
    { name: "name_field", label: _("Attribute with each zone's name"), required: true, blank: "", only: "new" },
    { name: "name_zh_field", label: _("Attribute with its Chinese name"), only: "new" },
    ...fileImport.fields("new"),
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kinds },
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "", only: "change" },
    { name: "name_zh", label: _("Chinese name"), maxlength: 100, blank: "", only: "change" },
  ],
  create: { label: _("Import a file"), record: () => ({ kind: "district", datum: "wgs84" }), send: fileImport.send("/zones/import"), done: fileImport.done },
  change: { send: ({ id, version }, changed) => patch(`/zones/${id}`, { ...changed, expected_version: version }) },
  remove: { sentence: ({ name }) => _("%(name)s is removed.", { name }), send: ({ id, version }) => call("DELETE", `/zones/${id}?expected_version=${version}`) },
  exports: "zones",
}));
