// What can this person do: each permission in a sentence, with the roles through which it is there.
import { get } from "../core/api.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";
import { permissionSubjects, roleName, roles } from "./role_names.js";

export async function showAccess({ id, display_name: name }) {
  const [access, subjects, known] = await Promise.all([get(`/accounts/${id}/access`), permissionSubjects(), roles()]);
  const names = new Map(known.map((role) => [role.code, roleName(role)]));
  const through = new Map(access.permissions.map((each) => [each.permission, each.roles]));
  const parts = subjects.map(({ label, permissions }) => {
    const held = permissions.filter(({ permission }) => through.has(permission));
    if (!held.length) return null;
    const lines = held.map(({ permission, sentence }) => el("li", {}, sentence, el("span.told", {}, through.get(permission).map((code) => names.get(code) ?? code).join(" · "))));
    return el("section", {}, el("h3", {}, label), el("ul.permissions", {}, lines));
  });
  const nothing = access.disabled ? el("p.told", {}, _("The account is disabled: it can do nothing.")) : null;
  showDialog("form-dialog", { title: _("What %(name)s may do", { name }), body: el("div.access", {}, nothing, parts) });
}
