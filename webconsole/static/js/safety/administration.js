// Administration of check-ins: how often crews report at a kind of incident.
import { kindChoices, minutesField, minuteWords } from "../administration/choices.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { kindName } from "../core/labels.js";

const places = () => Object.entries(boot.labels.work_place).map(([code, label]) => [code, _(label)]);
const placeWords = (code) => _(boot.labels.work_place[code] ?? code);
const minutes = (name, label) => ({ name, label, sort: true, cell: (row) => minuteWords(row[name]) });

await showSubject(() => ({
  whole: async () => (await get("/check-in-rules")).rules,
  id: ({ kind, place }) => `${kind}/${place}`,
  rowName: ({ kind, place }) => `${kindName(kind)}: ${placeWords(place)}`,
  help: () => [_("How often crews on scene report that they are well. It holds for those that arrive from now on. Kinds that are not in the list need no check-ins.")],
  columns: [
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => kindName(kind), value: ({ kind }) => kindName(kind) },
    { name: "place", label: _("Place of work"), sort: true, cell: ({ place }) => placeWords(place) },
    minutes("every_s", _("Every")),
    minutes("grace_s", _("Desk is alarmed after")),
    minutes("supervisor_s", _("Supervisor is told after")),
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kindChoices }],
  fields: [
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kindChoices, only: "new" },
    { name: "place", label: _("Place of work"), type: "select", required: true, options: places, only: "new" },
    minutesField({ name: "every_s", label: _("The phone rings every so many minutes"), required: true }),
    minutesField({ name: "grace_s", label: _("Minutes until the desk is alarmed"), required: true }),
    minutesField({ name: "supervisor_s", label: _("Minutes more until the supervisor is told"), required: true }),
  ],
  create: { label: _("New check-in rule"), record: () => ({ every_s: 1200, grace_s: 120, supervisor_s: 180 }), send: ({ kind, place, ...values }) => put(`/check-in-rules/${kind}/${place}`, values) },
  change: { whole: true, send: ({ kind, place }, values) => put(`/check-in-rules/${kind}/${place}`, values) },
  remove: { label: _("Retire"), sentence: ({ kind }) => _("Crews at %(kind)s report no longer there.", { kind: kindName(kind) }), send: ({ kind, place }) => call("DELETE", `/check-in-rules/${kind}/${place}`) },
}));
