// Files of the utility's records: what has to be said of them, and the report of their import.
import { post } from "../core/api.js";
import { el } from "../core/dom.js";
import { _, ngettext } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";

const PATIENCE_MS = 240000;
const FAULTS = {
  empty: () => _("without a shape: left out"),
  off: () => _("off the globe: left out"),
  mended: () => _("outline crossed itself: mended"),
};
const datums = () => [["wgs84", _("WGS 84, or what the file says")], ["gcj02", _("GCJ-02 (Chinese web maps)")], ["bd09", _("BD-09 (Baidu)")]];

const fields = (only) => [
  { name: "layer_in_file", label: _("Layer in the file"), only, help: _("Needed where it holds several.") },
  { name: "crs", label: _("Coordinate system"), only, placeholder: "EPSG:4490", help: _("Needed where the file does not say it.") },
  { name: "datum", label: _("Datum of its degrees"), type: "select", required: true, options: datums, only },
  { name: "encoding", label: _("Encoding of its texts"), only, placeholder: "GBK", help: _("Of a Shapefile without .cpg.") },
];

const send = (path) => (values) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) if (value !== null && value !== "") form.append(name, value);
  if (values.file) form.append("file_name", values.file.name);
  return post(path, form, { timeoutMs: PATIENCE_MS });
};

/** What came of it: how much was taken, and what of it was left out or mended, by its place in the file. */
function done({ report, layer, replaced, added }) {
  const left = report.empty + report.off;
  const sentences = [
    layer ? (replaced ? _("%(name)s took the place of the former one.", { name: layer.name }) : _("%(name)s is new.", { name: layer.name })) : _("%(n)s zones are new, %(m)s were replaced.", { n: added, m: replaced }),
    ngettext("One feature was taken.", "%(n)s features were taken.", report.features),
    _("They were drawn in %(crs)s.", { crs: report.crs }),
    left ? ngettext("One was left out.", "%(n)s were left out.", left) : "",
    report.mended ? ngettext("One outline was mended.", "%(n)s outlines were mended.", report.mended) : "",
    report.off_the_map ? _("None of it lies on the map in use: is the coordinate system or the datum wrong?") : "",
  ];
  const faults = report.faults.map(({ feature, fault }) => el("li", {}, _("Feature %(n)s", { n: feature }), `: ${FAULTS[fault]()}`));
  const dialog = showDialog("import-report", { title: _("Import"), body: el("div", {},
    sentences.filter(Boolean).map((sentence) => el("p", {}, sentence)),
    faults.length ? el("ul.faults", { tabindex: "0", "aria-label": _("What was left out or mended") }, faults) : null,
    el("div.form-actions", {}, el("button.primary", { type: "button", onclick: () => dialog.close() }, _("Close")))) });
}

export const fileImport = { fields, send, done };
