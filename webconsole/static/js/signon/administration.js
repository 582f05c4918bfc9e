// Administration of sign-on: the providers that the service's file names, whose account is whose, invitations.
import { showSubject } from "../administration/subject_page.js";
import { TableSection } from "../administration/table_section.js";
import { call, get, put } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { roleName, roles } from "../people/role_names.js";

const names = new Map((await roles()).map((role) => [role.code, role]));
const nameOf = (code) => (names.has(code) ? roleName(names.get(code)) : code);
const { providers } = await get("/sign-on-providers");
const known = new Map(providers.map(({ id, name }) => [id, name]));

const providerOptions = () => providers.map(({ id, name }) => [id, name]);
const accountOptions = async () => (await get("/accounts?disabled=false")).accounts.map(({ id, username, display_name: name }) => [id, name === username ? username : `${username} · ${name}`]);

function newAccountWords({ create, roles: given }) {
  if (!create) return _("only who is invited");
  const words = Object.entries(given).map(([value, role]) => `${value} → ${nameOf(role)}`);
  return words.length ? words.join(", ") : _("everybody there");
}

function providersSection() {
  return new TableSection({
    title: _("Providers"),
    listTitle: _("Who signs in through one"),
    none: _("No provider is configured: NEARCREW_SIGNON names the file (docs/sign-in.md)."),
    rows: async () => (await get("/sign-on-providers")).providers,
    id: ({ id }) => id,
    rowName: ({ name }) => name,
    columns: [
      { name: "name", label: _("Name") },
      { name: "issuer", label: _("Issuer") },
      { name: "create", label: _("Gets an account"), cell: newAccountWords },
      { name: "follow_roles", label: _("Roles follow the provider"), cell: ({ follow_roles: follow }) => (follow ? _("yes") : _("no")) },
      { name: "second_factor", label: _("Second factor"), cell: ({ second_factor: where }) => (where === "here" ? _("asked for here") : _("up to the provider")) },
      { name: "redirect", label: _("Redirect address"), cell: ({ id }) => `${location.origin}/sign-on/${id}/answer` },
      { name: "linked", label: _("Linked"), cell: ({ linked }) => linked },
      { name: "waiting", label: _("Invited"), cell: ({ waiting }) => waiting },
    ],
  });
}

const stateWords = ({ claimed_name: name, linked_at: at }) => {
  const [sign, words] = name ? ["…", _("waits for %(name)s", { name })] : ["●", _("linked since %(time)s", { time: clock(at, { seconds: false }) })];
  return `${sign} ${words}`;
};

await showSubject(() => ({
  whole: async () => (await get("/sign-ons")).sign_ons,
  id: ({ account_id: account, provider, claimed_name: name }) => `${account}/${provider}/${name ?? ""}`,
  rowName: ({ username }) => username,
  order: "username",
  help: () => [_("Providers are named in a file, read when the service starts. An account that there is already is invited once; it then belongs to the person who signs on under that name.")],
  none: () => _("Nobody is linked or invited yet."),
  above: providersSection(),
  columns: [
    { name: "username", label: _("User name"), sort: true },
    { name: "display_name", label: _("Name"), sort: true },
    { name: "provider", label: _("Provider"), sort: true, cell: ({ provider }) => known.get(provider) ?? _("%(name)s (no longer configured)", { name: provider }) },
    { name: "state", label: _("State"), cell: stateWords },
    { name: "seen_at", label: _("Last sign-on"), sort: true, cell: ({ seen_at: at }) => clock(at, { seconds: false }) },
  ],
  filters: [
    { name: "provider", label: _("Provider"), options: providerOptions },
    { name: "state", label: _("State"), options: [["linked", _("linked")], ["invited", _("invited")]], keep: ({ claimed_name: name }, value) => (value === "invited") === Boolean(name) },
  ],
  fields: [
    { name: "account_id", label: _("Account"), type: "select", number: true, required: true, options: accountOptions },
    { name: "provider", label: _("Provider"), type: "select", required: true, options: providerOptions },
    { name: "claimed_name", label: _("User name at the provider"), required: true, maxlength: 100, blank: "" },
  ],
  opens: false,
  create: providers.length ? { label: _("Invite an account"), record: () => (providers.length === 1 ? { provider: providers[0].id } : {}), send: ({ account_id: account, ...values }) => put(`/accounts/${account}/sign-on`, values) } : null,
  actions: [{
    label: ({ claimed_name: name }) => (name ? _("Withdraw the invitation") : _("Unlink")),
    when: ({ provider }) => known.has(provider),
    ask: ({ username }) => _("%(name)s no longer signs in through the provider, and all sign-ins end now.", { name: username }),
    act: ({ account_id: account, provider }) => call("DELETE", `/accounts/${account}/sign-on/${encodeURIComponent(provider)}`),
  }],
}));
