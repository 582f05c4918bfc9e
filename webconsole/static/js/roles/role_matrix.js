// The table of what each role permits: rows are permissions by subject, columns are roles; a tick can be changed.
import { el, fill } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { roleName } from "../people/role_names.js";

/**
 * `changed(changes)`: what differs from what is stored, as {code: permissions}; `act(role)`: what
 * else can be done with a role.
 */
export function roleMatrix({ roles, subjects, changed, act }) {
  const stored = new Map(roles.map((role) => [role.code, new Set(role.permissions)]));
  const wanted = new Map(roles.map((role) => [role.code, new Set(role.permissions)]));

  function differences() {
    const found = {};
    for (const [code, permissions] of wanted) {
      const before = stored.get(code);
      if (permissions.size !== before.size || [...permissions].some((each) => !before.has(each))) found[code] = [...permissions];
    }
    return found;
  }

  function tick(role, { permission, sentence }) {
    const box = el("input", { type: "checkbox", checked: stored.get(role.code).has(permission), disabled: !role.editable, "aria-label": `${roleName(role)}: ${sentence}`, data: { role: role.code, permission }, onchange: () => {
      wanted.get(role.code)[box.checked ? "add" : "delete"](permission);
      box.closest("td").classList.toggle("edited", box.checked !== stored.get(role.code).has(permission));
      changed(differences());
    } });
    return el("td", {}, box);
  }

  function head(role) {
    const name = roleName(role);
    const button = role.editable ? el("button.quiet.small", { type: "button", "aria-label": `${_("Change")}: ${name}`, data: { key: `role:${role.code}` }, onclick: () => act(role) }, name) : name;
    return el("th", { scope: "col" }, button, el("span.told", { title: _("accounts that have it") }, String(role.accounts)));
  }

  const rows = subjects.map(({ label, permissions }) => el("tbody", {},
    el("tr.subject", {}, el("th", { scope: "rowgroup" }, label), el("td", { colspan: String(roles.length) })),
    permissions.map((each) => el("tr", {}, el("th", { scope: "row" }, each.sentence, el("code.told", {}, each.permission)), roles.map((role) => tick(role, each))))));
  const node = el("div.table-room.matrix", { tabindex: "0", role: "region", "aria-label": _("What each role permits") }, el("table"));
  fill(node.firstElementChild, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, _("Permission")), roles.map(head))), rows);
  return node;
}
