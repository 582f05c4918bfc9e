// Administration of override reasons: why a dispatcher sends another crew than the recommended one.
import { nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, put } from "../core/api.js";
import { _ } from "../core/i18n.js";

const set = (code, values) => put(`/override-reasons/${encodeURIComponent(code)}`, values);

await showSubject(() => ({
  whole: async () => (await get("/override-reasons")).reasons,
  id: ({ code }) => code,
  rowName: nameOf,
  help: () => [_("What a dispatcher may choose right after sending another crew than the recommended one. What was said keeps the words of then.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "code", label: _("Code"), sort: true },
    { name: "sort", label: _("Place in the list"), sort: true },
  ],
  fields: [
    { name: "code", label: _("Code"), required: true, blank: "", only: "new", help: _("Small letters, digits and _; it stays.") },
    ...nameFields(),
    { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1 },
  ],
  create: { label: _("New reason"), send: ({ code, ...values }) => set(code, values) },
  change: { whole: true, send: ({ code }, values) => set(code, values) },
  remove: { label: _("Retire"), sentence: (row) => _("%(name)s is offered no longer.", { name: nameOf(row) }), send: ({ code, name_en: english, name_zh: chinese }) => set(code, { name_en: english, name_zh: chinese, retired: true }) },
}));
