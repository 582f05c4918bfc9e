// Administration of road closures: what is closed, was closed, and opened again. They are drawn on the map.
import { showSubject } from "../administration/subject_page.js";
import { post } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

const STATES = { planned: () => `○ ${_("planned")}`, active: () => `● ${_("active")}`, over: () => `– ${_("over")}` };
const KINDS = { area: () => _("Area"), road: () => _("Road") };
const choices = (table) => () => Object.entries(table).map(([code, words]) => [code, words()]);
const at = (iso) => (iso ? clock(iso, { seconds: false }) : null);
const reason = () => [{ name: "reason", label: _("Why"), maxlength: 1000 }];

await showSubject(() => ({
  path: "/closures",
  rows: "closures",
  rowName: ({ id, reason: why }) => `#${id} ${why}`,
  help: () => [_("Closures are drawn on the console's map. Here they are found again, and opened before their time.")],
  columns: [
    { name: "id", label: _("Number"), sort: true, cell: ({ id }) => `#${id}` },
    { name: "reason", label: _("Why"), sort: true },
    { name: "kind", label: _("Kind"), cell: ({ kind }) => KINDS[kind]() },
    { name: "state", label: _("State"), cell: ({ state }) => STATES[state]() },
    { name: "from_at", label: _("From"), sort: true, cell: ({ from_at: from }) => at(from) },
    { name: "until_at", label: _("Until"), sort: true, cell: ({ until_at: until, lifted_at: lifted }) => at(lifted) ?? at(until) ?? _("until it is opened") },
    { name: "created_by", label: _("By"), sort: true },
  ],
  filters: [
    { name: "state", label: _("State"), options: choices(STATES) },
    { name: "kind", label: _("Kind"), options: choices(KINDS) },
  ],
  actions: [{ label: _("Open again"), when: ({ state }) => state !== "over", fields: reason(), act: ({ id }, values) => post(`/closures/${id}/lift`, values) }],
  bulk: [{ label: _("Open again"), fields: reason(), send: (ids, values) => post("/closures/lift", { ids, ...values }) }],
  exports: "closures",
}));
