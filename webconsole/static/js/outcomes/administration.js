// Administration of outcomes: the ways in which an order of a kind can end.
import { kindChoices, nameFields, nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { effectLabel, kindName } from "../core/labels.js";

const effects = () => Object.keys(boot.labels.effect).map((code) => [code, effectLabel(code)]);
const ofKind = async ({ code: kind }) => (await get(`/outcomes?kind=${kind}`)).outcomes.map((outcome, place) => ({ ...outcome, kind, place }));
const set = ({ kind, code, name_en: english, name_zh: chinese, effect, sort }) => put(`/outcomes/${kind}/${encodeURIComponent(code)}`, { name_en: english, name_zh: chinese, effect, sort });

await showSubject(() => ({
  whole: async () => (await Promise.all(boot.kinds.map(ofKind))).flat(),
  id: ({ kind, code }) => `${kind}/${code}`,
  rowName: nameOf,
  help: () => [_("How an order can end, for each kind. Orders that ended keep the name and the meaning of then. A kind always keeps an outcome that means done and one that means not done.")],
  columns: [
    { name: "name", label: _("Name"), sort: true, cell: nameOf, value: nameOf },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => kindName(kind), value: ({ kind }) => kindName(kind) },
    { name: "effect", label: _("Means"), sort: true, cell: ({ effect }) => effectLabel(effect) },
    { name: "code", label: _("Code"), sort: true },
  ],
  filters: [
    { name: "kind", label: _("Kind"), options: kindChoices },
    { name: "effect", label: _("Means"), options: effects },
  ],
  fields: [
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kindChoices, only: "new" },
    { name: "code", label: _("Code"), required: true, blank: "", only: "new", placeholder: "no_access", help: _("Small letters, digits and _; it stays.") },
    ...nameFields(),
    { name: "effect", label: _("Means"), type: "select", required: true, options: effects },
    { name: "sort", label: _("Place in the list"), type: "number", min: 0, max: 10000, step: 1, help: _("Blank: as before, or last.") },
  ],
  create: { label: _("New outcome"), send: set },
  change: { whole: true, send: ({ kind, code }, values) => set({ kind, code, ...values }) },
  remove: { label: _("Retire"), sentence: ({ name_en: english, name_zh: chinese }) => _("%(name)s is offered no longer.", { name: nameOf({ name_en: english, name_zh: chinese }) }), send: ({ kind, code }) => call("DELETE", `/outcomes/${kind}/${code}`) },
}));
