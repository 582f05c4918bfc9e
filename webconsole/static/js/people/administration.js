// Administration of users: invited, given roles, moved, disabled; where they are signed in; what they may do.
import { showSubject } from "../administration/subject_page.js";
import { call, patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { showAccess } from "./access_dialog.js";
import { crewOptions, gatewayOptions, roleName, roleOptions, roles, unitOptions } from "./role_names.js";
import { showLink } from "./secret_dialog.js";
import { signInList } from "./sign_in_list.js";

const put = (path, body) => call("PUT", path, body);
const known = new Map((await roles()).map((role) => [role.code, role]));

function stateWords({ disabled, has_password: hasPassword, link }) {
  if (disabled) return `○ ${_("disabled")}`;
  if (hasPassword) return `● ${_("on")}`;
  if (link?.failure) return `✕ ${_("the link could not be sent")}`;
  const waiting = link ? _("invited, until %(time)s", { time: clock(link.expires_at, { seconds: false }) }) : _("has no password yet");
  return `… ${waiting}`;
}

const sendTo = ({ gateway_id: gateway, address }) => (gateway && address ? { send_to: { gateway_id: gateway, address } } : {});
const sending = (only) => [
  { name: "gateway_id", label: _("Send the link by"), type: "select", number: true, options: gatewayOptions, any: _("nobody: show it to me"), only },
  { name: "address", label: _("Number or address there"), only, help: _("If a gateway sends it, nobody else sees the link.") },
];

async function invite({ gateway_id: gateway, address, ...values }) {
  return post("/accounts/invitations", { ...values, ...sendTo({ gateway_id: gateway, address }) });
}

/** Each part of an account is changed by itself, so that each has its own event. */
async function change(row, changed) {
  const path = `/accounts/${row.id}`;
  if ("username" in changed || "display_name" in changed) await put(`${path}/name`, { username: changed.username ?? row.username, display_name: changed.display_name || null });
  if ("roles" in changed || "crew_id" in changed) await put(`${path}/roles`, { roles: changed.roles ?? row.roles, crew_id: changed.crew_id ?? null });
  if ("unit_id" in changed) await put(`${path}/unit`, { unit_id: changed.unit_id });
}

function showSignIns(row) {
  const path = `/accounts/${row.id}/sign-ins`;
  showDialog("form-dialog", { title: _("Where %(name)s is signed in", { name: row.display_name }), body: signInList({ path, mayEnd: boot.may_edit }) });
}

const bulk = (action) => (ids, values = {}) => patch("/accounts", { ids, action, ...values });
const role = () => ({ name: "role", label: _("Role"), type: "select", required: true, options: roleOptions });

await showSubject(() => ({
  path: "/accounts",
  rows: "accounts",
  order: "username",
  rowName: ({ username }) => username,
  help: () => [_("Whoever is invited gets a link and chooses the password. An account that nobody needs any more is disabled; it is kept for the record.")],
  columns: [
    { name: "username", label: _("User name"), sort: true },
    { name: "display_name", label: _("Name"), sort: true },
    { name: "roles", label: _("Roles"), cell: ({ roles }) => roles.map((code) => (known.has(code) ? roleName(known.get(code)) : code)).join(" · ") },
    { name: "unit_name", label: _("Unit"), sort: true },
    { name: "crew_name", label: _("Crew") },
    { name: "state", label: _("State"), cell: stateWords },
    { name: "seen_at", label: _("Last active"), sort: true, cell: ({ seen_at: at }) => clock(at, { seconds: false }) },
  ],
  filters: [
    { name: "role", label: _("Role"), options: roleOptions },
    { name: "unit_id", label: _("Unit"), options: unitOptions },
    { name: "disabled", label: _("State"), options: [["false", _("on")], ["true", _("disabled")]] },
    { name: "has_password", label: _("Password"), options: [["true", _("chosen")], ["false", _("not chosen yet")]] },
  ],
  fields: [
    { name: "username", label: _("User name"), required: true, maxlength: 100, blank: "" },
    { name: "display_name", label: _("Name"), maxlength: 100 },
    { name: "roles", label: _("Roles"), type: "several", options: roleOptions, help: _("Changed roles end all sign-ins of the account.") },
    { name: "crew_id", label: _("Crew"), type: "select", number: true, options: crewOptions },
    { name: "unit_id", label: _("Unit"), type: "select", number: true, options: unitOptions, any: _("as its crew's, or mine") },
    { name: "language", label: _("Language of its pages"), type: "select", only: "new", options: [["zh", "中文"], ["en", "English"]] },
    ...sending("new"),
  ],
  create: { label: _("Invite somebody"), record: () => ({ roles: [], language: boot.locale }), send: invite, done: showLink },
  change: { send: change },
  actions: [
    { label: _("May do"), act: showAccess, stays: true },
    { label: _("Signed in"), act: showSignIns, stays: true },
    { label: _("New link"), when: ({ has_password: has, disabled }) => !has && !disabled, fields: sending(), ask: () => _("The link before this one is void."), act: ({ id }, values) => post(`/accounts/${id}/invitation`, sendTo(values)), done: showLink },
    { label: _("Reset password"), when: ({ has_password: has, disabled }) => has && !disabled, fields: sending(), ask: ({ username }) => _("The password of %(name)s is void at once, and all sign-ins end.", { name: username }), act: ({ id }, values) => post(`/accounts/${id}/reset`, sendTo(values)), done: showLink },
    { label: ({ disabled }) => (disabled ? _("Enable") : _("Disable")), ask: ({ username, disabled }) => (disabled ? _("%(name)s can sign in again, with the roles that it had.", { name: username }) : _("%(name)s cannot sign in any more; all sign-ins and tokens end now.", { name: username })), act: ({ id, disabled }) => post(`/accounts/${id}/${disabled ? "enable" : "disable"}`) },
  ],
  bulk: [
    { label: _("Give a role"), fields: [role()], send: bulk("give_role") },
    { label: _("Take a role"), fields: [role()], send: bulk("take_role") },
    { label: _("Move to a unit"), fields: [{ name: "unit_id", label: _("Unit"), type: "select", number: true, required: true, options: unitOptions }], send: bulk("move") },
    { label: _("Sign out"), send: bulk("sign_out") },
    { label: _("Disable"), send: bulk("disable") },
    { label: _("Enable"), send: bulk("enable") },
  ],
  imports: "accounts",
  exports: "accounts",
}));
