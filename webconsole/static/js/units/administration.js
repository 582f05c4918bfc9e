// Administration of the tree of units: group, companies, stations, teams.
import { formDialog } from "../administration/form_dialog.js";
import { showSubject } from "../administration/subject_page.js";
import { call, get, patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { noteToast } from "../widgets/toasts.js";
import { hindranceLabel, unitKindLabel, unitLine, unitOptions } from "./unit_labels.js";

const kinds = () => Object.keys(boot.labels.unit_kind).map((code) => [code, unitKindLabel(code)]);
const GIVEN = ["station", "zone", "layer", "gateway", "pledge"];
const given = () => GIVEN.map((code) => [code, _(boot.labels.thing[code])]);
const PLACES = { company: ["group"], station: ["company"], team: ["company", "station"] };

/** Where a unit may be moved: below a kind that fits, in its company, and not below itself. */
const placesFor = (unit) => () => unitOptions((other) => other.id !== unit.id && PLACES[unit.kind]?.includes(other.kind) && (unit.kind === "company" || other.company_id === unit.company_id));

/** A unit, further in the deeper it lies. */
function line({ depth, code, name }) {
  const node = el("span", {}, el("code", {}, code), " ", name);
  node.style.paddingInlineStart = `${depth * 1.25}em`;
  return node;
}

/** Say what a unit still has, and where it could go; then delete it. */
async function remove(row, page) {
  const { hindrances, movable } = await get(`/units/${row.id}/hindrances`);
  const left = hindrances.map(({ what, count }) => `${count} × ${hindranceLabel(what)}`);
  const has = left.length ? [_("It still has: %(things)s.", { things: left.join(", ") })] : [];
  const stuck = left.length > 0 && !movable;
  const help = [...has, stuck ? _("Orders and loans have to end, and units below it to be moved or deleted, before it can go.") : _("It is deleted from the tree. What has happened stays written down.")];
  const fields = left.length && movable ? [{ name: "move_to", label: _("Give all of it to"), type: "select", number: true, required: true, options: () => unitOptions((other) => other.id !== row.id && other.company_id === row.company_id) }] : [];
  const label = _("Delete");
  await formDialog({ title: `${label}: ${row.name}`, help, fields, save: label, readOnly: stuck, send: async (values) => {
    await call("DELETE", `/units/${row.id}`, values);
    return async () => {
      await page.load();
      noteToast(_("Deleted."));
    };
  } });
}

let page = null;
page = await showSubject(() => ({
  path: "/units",
  rows: "units",
  order: "tree",
  help: () => [_("Whoever belongs to a unit sees what belongs to it and to all units below it, and nothing else. Zones, layers, pledges, gateways and stations of the units above apply, too.")],
  columns: [
    { name: "tree", label: _("Unit"), sort: true, cell: line },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => unitKindLabel(kind) },
    { name: "crews", label: _("Crews") },
    { name: "accounts", label: _("Accounts") },
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kinds }],
  rowName: ({ code, name }) => `${code} ${name}`,
  fields: (row) => [
    { name: "kind", label: _("Kind"), type: "select", required: true, only: "new", options: () => kinds().filter(([code]) => code !== "group") },
    { name: "code", label: _("Unified code"), required: true, maxlength: 40, blank: "", help: _("Letters, digits, dots and dashes, such as 1.2-A; of one unit only.") },
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "" },
    { name: "parent_id", label: _("Belongs to"), type: "select", number: true, required: true, only: "new", options: () => unitOptions(({ kind }) => kind !== "team") },
    ...(row && PLACES[row.kind] ? [{ name: "parent_id", label: _("Belongs to"), type: "select", number: true, required: true, only: "change", options: placesFor(row) }] : []),
  ],
  create: { label: _("New unit"), record: () => ({ kind: "station" }), send: (values) => post("/units", values) },
  change: { send: ({ id }, changed) => patch(`/units/${id}`, changed) },
  mayChange: ({ own }) => own,
  actions: [
    {
      label: _("Put a group above"),
      when: ({ kind, parent_id: parent }) => kind === "company" && parent === null,
      ask: () => _("The company becomes one of a group, to which you belong from then on. Everybody else stays with the company and sees what they saw."),
      fields: [
        { name: "code", label: _("Unified code"), required: true, maxlength: 40, blank: "" },
        { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "" },
      ],
      act: (_row, values) => post("/units/group", values),
    },
    {
      label: _("Give it …"),
      when: ({ own }) => own,
      ask: () => _("What is given belongs to this unit from then on, and is seen from here. Crews, incidents and accounts are moved where they are changed."),
      fields: [
        { name: "thing", label: _("Thing"), type: "select", required: true, options: given },
        { name: "ids", label: _("Numbers, one a line"), type: "lines" },
      ],
      act: ({ id }, { thing, ids }) => post(`/units/${id}/given`, { thing, ids: ids.map(Number) }),
    },
    { label: _("Delete"), when: ({ own, parent_id: parent }) => own && parent !== null, stays: true, act: (row) => remove(row, page) },
  ],
}));
