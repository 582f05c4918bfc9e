// Administration of result codes: causes and repairs that the end of an order of a kind can name.
import { kindChoices, nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { kindName } from "../core/labels.js";

const groups = () => Object.entries(boot.labels.code_group).map(([code, label]) => [code, _(label)]);
const groupLabel = (code) => _(boot.labels.code_group[code] ?? code);
const set = ({ kind, code, name_en: english, name_zh: chinese, group, sort }) => put(`/result-codes/${kind}/${encodeURIComponent(code)}`, { name_en: english, name_zh: chinese, group, sort });

await showSubject(() => ({
  whole: async () => (await get("/result-codes")).codes,
  id: ({ kind, code }) => `${kind}/${code}`,
  rowName: nameOf,
  help: () => [_("What crews can say of cause and repair when an order ends, beside its outcome. Orders that ended keep the words of then.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => kindName(kind), value: ({ kind }) => kindName(kind) },
    { name: "group", label: _("Group"), sort: true, cell: ({ group }) => groupLabel(group) },
    { name: "code", label: _("Code"), sort: true },
    { name: "retired", label: _("State"), cell: ({ retired }) => (retired ? _("retired") : _("in use")) },
  ],
  filters: [
    { name: "kind", label: _("Kind"), options: kindChoices },
    { name: "group", label: _("Group"), options: groups },
  ],
  fields: [
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kindChoices, only: "new" },
    { name: "code", label: _("Code"), required: true, blank: "", only: "new", placeholder: "loose_joint", help: _("Small letters, digits and _; it stays.") },
    ...nameFields(),
    { name: "group", label: _("Group"), type: "select", required: true, options: groups },
    { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1, help: _("Blank: as before, or last.") },
  ],
  create: { label: _("New result code"), send: set },
  change: { whole: true, send: ({ kind, code }, values) => set({ kind, code, ...values }) },
  remove: { label: _("Retire"), sentence: (row) => _("%(name)s is offered no longer.", { name: nameOf(row) }), send: ({ kind, code }) => call("DELETE", `/result-codes/${kind}/${code}`) },
}));
