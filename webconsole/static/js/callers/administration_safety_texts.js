// Administration of what callers are told to do until the crew is there, by kind of incident.
import { nameOf } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { get, put } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { utilityLabel } from "../core/labels.js";

const set = ({ kind }, { words_en: english, words_zh: chinese }) => put(`/safety-texts/${kind}`, { words_en: english, words_zh: chinese });

await showSubject(() => ({
  whole: async () => (await get("/safety-texts")).texts,
  id: ({ kind }) => kind,
  rowName: nameOf,
  help: () => [_("What callers read on their page while they wait. Each line is one thing to do.")],
  columns: [
    { name: "name", label: _("Kind"), sort: true, cell: nameOf, value: nameOf },
    { name: "utility", label: _("Utility"), sort: true, cell: ({ utility }) => utilityLabel(utility) },
    { name: "own", label: _("Words"), cell: ({ own }) => (own ? _("own words") : _("as shipped")), sort: true },
    { name: "words", label: _("First line"), cell: ({ words_en: english, words_zh: chinese }) => (document.documentElement.lang.startsWith("zh") ? chinese : english).split("\n")[0] },
  ],
  fields: [
    { name: "words_zh", label: _("Words in Chinese"), type: "long", required: true, maxlength: 4000 },
    { name: "words_en", label: _("Words in English"), type: "long", required: true, maxlength: 4000 },
  ],
  change: { whole: true, send: set },
  remove: { label: _("As shipped"), when: ({ own }) => own, sentence: (row) => _("The words for %(name)s are as shipped again.", { name: nameOf(row) }), send: (row) => set(row, { words_en: null, words_zh: null }) },
}));
