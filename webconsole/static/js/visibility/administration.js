// Who sees what: of a person what is seen, of a thing who can read it. The database answers in their scope.
import { formDialog } from "../administration/form_dialog.js";
import { showSubject } from "../administration/subject_page.js";
import { get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { roleName, roles } from "../people/role_names.js";

const thingLabel = (code) => _(boot.labels.thing[code] ?? code);
const things = () => Object.keys(boot.labels.thing).map((code) => [code, thingLabel(code)]);
const fromWhere = ({ everything, units }) => (everything ? _("everything") : units.join(", "));

function table(seen) {
  const row = ({ thing, count, may_read: may }) => el("tr", {}, el("th", { scope: "row" }, thingLabel(thing)), el("td", {}, String(count)), el("td", {}, may ? ["✓ ", _("may be read")] : ["✕ ", _("no permission to read")]));
  return el("table.seen", {}, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, _("What")), el("th", { scope: "col" }, _("How many")), el("th", { scope: "col" }, _("Permission")))), el("tbody", {}, seen.map(row)));
}

const known = new Map((await roles()).map((role) => [role.code, role]));
const roleWords = (code) => (known.has(code) ? roleName(known.get(code)) : code);

const asked = new URLSearchParams(location.search).get("number");

async function showPerson(row) {
  const { viewer, seen } = await get(`/sight/people/${row.id}`);
  const lent = viewer.lent_crews.length ? [_("Crews that are lent to them: %(n)s", { n: viewer.lent_crews.length })] : [];
  return formDialog({ title: `${viewer.display_name} (${viewer.username})`, help: [_("Sees: %(what)s", { what: fromWhere(viewer) }), ...lent], fields: [], readOnly: true, extra: table(seen), send: () => null });
}

await showSubject(() => ({
  path: "/sight/people",
  rows: "viewers",
  order: "username",
  help: () => [
    _("Choose a person to see what is seen from there. Or choose a thing and give its number to list who can read it."),
    _("People of units above yours see what is below them, too; they are not listed here."),
  ],
  rowName: ({ username }) => username,
  columns: [
    { name: "username", label: _("User name"), sort: true },
    { name: "display_name", label: _("Name"), sort: true },
    { name: "unit_name", label: _("Unit"), cell: ({ unit_name: name }) => name ?? "" },
    { name: "units", label: _("Sees the units"), cell: fromWhere },
    { name: "roles", label: _("Roles"), cell: ({ roles: codes }) => codes.map(roleWords).join(" · ") },
  ],
  filters: [
    { name: "thing", label: _("Thing"), options: things },
    { name: "number", label: _("Number"), options: () => [asked].filter(Boolean).map((number) => [number, number]) },
  ],
  fields: [
    { name: "thing", label: _("Thing"), type: "select", required: true, options: things },
    { name: "number", label: _("Number"), type: "number", min: 1, step: 1, required: true },
  ],
  create: {
    label: _("Who can see …"),
    save: _("Show"),
    record: () => ({ thing: "incident" }),
    send: async ({ thing, number }) => {
      await get(`/sight/people?thing=${thing}&number=${number}`); // refused if it is not seen here either
      return `?thing=${thing}&number=${number}`;
    },
    done: (address) => location.assign(address),
  },
  open: showPerson,
}));
