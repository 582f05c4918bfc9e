// Administration of second factors: what each role demands, who has one, and a reset for who lost it.
import { formDialog } from "../administration/form_dialog.js";
import { showSubject } from "../administration/subject_page.js";
import { TableSection } from "../administration/table_section.js";
import { call, get, put } from "../core/api.js";
import { boot } from "../core/boot.js";
import { clock } from "../core/format.js";
import { _, ngettext } from "../core/i18n.js";
import { roleName, roleOptions, roles } from "../people/role_names.js";
import { noteToast } from "../widgets/toasts.js";

const names = new Map((await roles()).map((role) => [role.code, role]));
const nameOf = (code) => (names.has(code) ? roleName(names.get(code)) : code);
const setsRules = boot.permissions.includes("security.write");

function demandWords({ required, grace_until: until }) {
  if (!required) return _("not demanded");
  return until && new Date(until) > new Date() ? _("demanded, may be put off until %(time)s", { time: clock(until, { seconds: false }) }) : _("demanded");
}

function factorWords({ app_since: app, security_keys: keys }) {
  const has = [app ? _("authenticator app") : null, keys ? ngettext("one security key", "%(n)s security keys", keys) : null];
  return has.filter(Boolean).join(" · ") || _("none");
}

const yesOrNo = (yes, no) => [["true", yes], ["false", no]];

function rulesSection() {
  const section = new TableSection({
    title: _("What each role demands"),
    listTitle: _("Who has one"),
    rows: async () => (await get("/factor-rules")).rules,
    id: ({ role }) => role,
    rowName: ({ role }) => nameOf(role),
    columns: [
      { name: "role", label: _("Role"), cell: ({ role }) => nameOf(role) },
      { name: "required", label: _("Second factor"), cell: demandWords },
      { name: "with_factor", label: _("Have one"), cell: ({ accounts, with_factor: have }) => _("%(n)s of %(all)s accounts", { n: have, all: accounts }) },
    ],
    open: (rule) => formDialog({
      title: nameOf(rule.role),
      help: [_("Nobody is signed out: whoever has none sets one up at the next sign-in. Programs with a token are never asked.")],
      fields: [
        { name: "required", label: _("This role demands a second factor"), type: "check" },
        { name: "grace_until", label: _("May be put off until"), type: "instant", help: _("Blank: not at all.") },
      ],
      record: rule,
      send: async (values) => {
        await put(`/factor-rules/${encodeURIComponent(rule.role)}`, values);
        return async () => {
          await page.loadAll();
          noteToast(_("Saved."));
          section.focusOn(rule.role);
        };
      },
    }),
  });
  return section;
}

let page = null;

page = await showSubject(() => ({
  path: "/factors",
  rows: "accounts",
  order: "username",
  rowName: ({ username }) => username,
  help: () => [_("A second factor is asked for after the password: a code from an app, or a security key. Everybody sets up their own on the page My account.")],
  above: setsRules ? rulesSection() : null,
  columns: [
    { name: "username", label: _("User name"), sort: true },
    { name: "display_name", label: _("Name"), sort: true },
    { name: "roles", label: _("Roles"), cell: (row) => row.roles.map(nameOf).join(" · ") },
    { name: "factors", label: _("Second factor"), cell: factorWords },
    { name: "app_since", label: _("App since"), sort: true, cell: ({ app_since: at }) => clock(at, { seconds: false }) },
    { name: "recovery_codes", label: _("Recovery codes left"), sort: true },
    { name: "required", label: _("Demanded"), cell: ({ required }) => (required ? _("yes") : _("no")) },
  ],
  filters: [
    { name: "role", label: _("Role"), options: roleOptions },
    { name: "has_factor", label: _("Second factor"), options: yesOrNo(_("has one"), _("has none")) },
    { name: "required", label: _("Demanded"), options: yesOrNo(_("yes"), _("no")) },
  ],
  actions: [{
    label: _("Reset"),
    when: ({ app_since: app, security_keys: keys }) => Boolean(app) || keys > 0,
    ask: ({ username }) => _("%(name)s lost device and recovery codes: all second factors are forgotten, and all sign-ins and tokens end now. The password alone is enough until a new factor is set up.", { name: username }),
    act: ({ id }) => call("DELETE", `/accounts/${id}/factors`),
  }],
}));
