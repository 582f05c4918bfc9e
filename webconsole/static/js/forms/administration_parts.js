// Administration of the catalogue of parts that crews use up.
import { nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { put } from "../core/api.js";
import { _ } from "../core/i18n.js";

const told = ({ name_en, name_zh, unit_en, unit_zh, sort, retired }) => ({ name_en, name_zh, unit_en, unit_zh, sort, retired: Boolean(retired) });
const send = ({ code }, values) => put(`/parts/${encodeURIComponent(code)}`, told(values));
const unitOf = ({ unit_en: english, unit_zh: chinese }) => nameOf({ name_en: english, name_zh: chinese });

await showSubject(() => ({
  path: "/parts",
  rows: "parts",
  order: "sort",
  id: ({ code }) => code,
  rowName: nameOf,
  help: () => [_("What crews use up; they choose it when an order ends, with a quantity. A phone keeps the first 500 that are in use.")],
  columns: [
    { name: "name_en", label: _("Name in English"), sort: true },
    { name: "name_zh", label: _("Name in Chinese"), sort: true },
    { name: "unit", label: _("Unit"), cell: unitOf },
    { name: "code", label: _("Code"), sort: true },
    { name: "retired", label: _("State"), cell: ({ retired }) => (retired ? _("retired") : _("in use")) },
  ],
  fields: [
    { name: "code", label: _("Code"), required: true, only: "new", maxlength: 40, blank: "", placeholder: "4711-20", help: _("Letters, digits, point, minus and _; it stays for ever.") },
    ...nameFields(),
    { name: "unit_en", label: _("Unit in English"), maxlength: 20, blank: "" },
    { name: "unit_zh", label: _("Unit in Chinese"), maxlength: 20, blank: "" },
    { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1 },
    { name: "retired", label: _("Retired"), type: "check", help: _("Nothing new gets it; what has it keeps it.") },
  ],
  create: { label: _("New part"), record: () => ({ sort: 100 }), send: (values) => send(values, values) },
  change: { whole: true, send },
  imports: "parts",
  exports: "parts",
}));
