// Administration of the forms that crews fill in on the spot: fields with units and limits, by kind.
import { kindChoices, nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { kindName } from "../core/labels.js";
import { fieldTypes } from "./form_labels.js";

const BETWEEN = "|";
const asked = () => Object.entries(boot.labels.form_asked).map(([code, label]) => [code, _(label)]);
const askedLabel = (code) => _(boot.labels.form_asked[code] ?? code);
const kindWords = ({ kinds }) => (kinds.length ? kinds.map(kindName).join(", ") : _("all kinds"));
const unitOf = ({ unit_en: english, unit_zh: chinese }) => nameOf({ name_en: english, name_zh: chinese });
const fieldWords = (field) => [nameOf(field), unitOf(field) && `(${unitOf(field)})`, field.required && _("required")].filter(Boolean).join(" ");

/** A choice on a line: "cellar | Cellar | 地下室". */
const choiceLines = ({ choices }) => (choices ?? []).map(({ code, name_en: english, name_zh: chinese }) => [code, english, chinese].join(` ${BETWEEN} `));
const choiceOf = (line) => {
  const [code, english = "", chinese = ""] = line.split(BETWEEN).map((part) => part.trim());
  return { code, name_en: english, name_zh: chinese || english };
};

const send = ({ code, version }, { fields, ...values }) => put(`/forms/${encodeURIComponent(code)}`, {
  name_en: values.name_en,
  name_zh: values.name_zh,
  kinds: values.kinds,
  asked: values.asked,
  sort: values.sort,
  retired: Boolean(values.retired),
  fields: fields.map(({ choices, ...field }) => ({ ...field, choices: choices.map(choiceOf) })),
  expected_version: version ?? 0,
});

const number = (name, label, help = null) => ({ name, label, help, type: "number", step: "any" });

await showSubject(() => ({
  whole: async () => (await get("/forms")).forms,
  id: ({ code }) => code,
  rowName: nameOf,
  help: () => [_("What crews fill in on the spot. A measurement keeps the form as it was when it was filled in. An order cannot end as done while a form with a required field was never filled in; an order that is not done needs none."), _("Limits turn red on the phone at once; a value at or beyond an alarm limit also alarms the desk.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "kinds", label: _("Kinds of incidents"), cell: kindWords },
    { name: "asked", label: _("Asked"), cell: ({ asked: when }) => askedLabel(when) },
    { name: "fields", label: _("Fields"), cell: ({ fields }) => fields.map(fieldWords).join(", ") },
    { name: "version", label: _("Version"), sort: true },
    { name: "retired", label: _("State"), cell: ({ retired }) => (retired ? _("retired") : _("in use")) },
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kindChoices, keep: ({ kinds }, kind) => !kinds.length || kinds.includes(kind) }],
  fields: [
    { name: "code", label: _("Code"), required: true, only: "new", maxlength: 40, blank: "", placeholder: "gas_reading", help: _("Small letters, digits and _; it stays for ever.") },
    ...nameFields(),
    { name: "kinds", label: _("Kinds of incidents"), type: "several", options: kindChoices, named: kindName, help: _("None ticked: for all kinds.") },
    { name: "asked", label: _("Asked"), type: "select", required: true, options: asked },
    { name: "fields", label: _("Fields"), type: "rows", add: _("Add a field"), blank: { type: "number", required: false, choices: [] }, fields: [
      { name: "code", label: _("Code"), required: true, maxlength: 40, blank: "", placeholder: "concentration" },
      ...nameFields(),
      { name: "type", label: _("Type"), type: "select", required: true, options: fieldTypes },
      { name: "required", label: _("Required"), type: "check" },
      { name: "unit_en", label: _("Unit in English"), maxlength: 20, blank: "" },
      { name: "unit_zh", label: _("Unit in Chinese"), maxlength: 20, blank: "" },
      number("least", _("Least possible")),
      number("most", _("Most possible")),
      number("alarm_low", _("Alarm at or below")),
      number("warn_low", _("Warning at or below")),
      number("warn_high", _("Warning at or above")),
      number("alarm_high", _("Alarm at or above")),
      { name: "choices", label: _("Choices, one a line"), type: "lines", value: choiceLines, help: _("code | English | Chinese") },
    ] },
    { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1, help: _("Blank: as before, or last.") },
    { name: "retired", label: _("Retired"), type: "check", help: _("It is asked for no longer; what was filled in stays.") },
  ],
  create: { label: _("New form"), record: () => ({ kinds: [], asked: "on_scene", fields: [{ type: "number", required: false, choices: [] }] }), send: (values) => send({ code: values.code }, values) },
  change: { whole: true, send: (form, values) => send(form, values) },
}));
