// Administration of programs' tokens: named, limited, expiring, shown once.
import { showSubject } from "../administration/subject_page.js";
import { call, get, post } from "../core/api.js";
import { el } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { permissionOptions } from "./role_names.js";
import { showToken } from "./secret_dialog.js";

const DAYS = 90;

/** What a token may do, in sentences. */
async function showScopes({ name, scopes }) {
  const sentences = new Map(await permissionOptions());
  const body = scopes ? el("ul", {}, scopes.map((each) => el("li", {}, sentences.get(each) ?? each))) : el("p.told", {}, _("All that its account may."));
  showDialog("form-dialog", { title: name, body: el("div.access", {}, body) });
}

/** Programs' accounts: a token never acts in another person's name. */
async function programs() {
  const { accounts } = await get("/accounts?role=integration&disabled=false");
  return accounts.map(({ id, display_name: name }) => [id, name]);
}

const issue = ({ account_id: account, scopes, ...values }) => post(`/accounts/${account}/tokens`, { ...values, scopes: scopes.length ? scopes : null });

await showSubject(() => ({
  path: "/tokens",
  rows: "tokens",
  order: "name",
  help: () => [_("A program proves itself with a token. It can do what its account may do, or only a part of that; never more.")],
  none: () => _("No program has a token."),
  columns: [
    { name: "name", label: _("Name"), sort: true },
    { name: "username", label: _("Account"), sort: true, cell: ({ display_name: name }) => name },
    { name: "scopes", label: _("May"), cell: ({ scopes }) => (scopes ? ngettext("one permission", "%(n)s permissions", scopes.length) : _("all that its account may")) },
    { name: "made_by", label: _("Made by") },
    { name: "used_at", label: _("Last used"), sort: true, cell: ({ used_at: at }) => (at ? clock(at, { seconds: false }) : _("never")) },
    { name: "expires_at", label: _("Ends"), sort: true, cell: ({ expires_at: at }) => clock(at, { seconds: false }) },
  ],
  fields: [
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "", placeholder: _("what it is for") },
    { name: "account_id", label: _("Account"), type: "select", number: true, required: true, options: programs, help: _("An account with the role of integration.") },
    { name: "scopes", label: _("May only"), type: "several", options: permissionOptions, help: _("None chosen: all that its account may.") },
    { name: "valid_days", label: _("Days until it ends"), type: "number", min: 1, max: 730, step: 1, required: true },
  ],
  open: showScopes,
  create: { label: _("New token"), record: () => ({ scopes: [], valid_days: DAYS }), send: issue, done: showToken },
  remove: { label: _("Revoke"), sentence: ({ name }) => _("Whatever carries %(name)s is refused from now on.", { name }), send: ({ id }) => call("DELETE", `/tokens/${id}`) },
}));
