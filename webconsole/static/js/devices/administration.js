// Administration of devices: tokens of trackers, sessions of phones, browsers that take pushes.
import { showSubject } from "../administration/subject_page.js";
import { post } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { failureLabel } from "../core/labels.js";

const KINDS = { token: () => _("Token of a program or tracker"), session: () => _("Signed-in phone"), push: () => _("Browser that takes pushes") };
const kinds = () => Object.entries(KINDS).map(([code, words]) => [code, words()]);
const at = (iso) => (iso ? clock(iso, { seconds: false }) : null);
const revoke = (ids) => post("/devices/revoke", { ids });

await showSubject(() => ({
  path: "/devices",
  rows: "devices",
  order: "-seen_at",
  rowName: ({ account, crew_name: crew }) => crew ?? account,
  help: () => [_("What may act or is told something in a crew's name, and programs' tokens. A device that was lost is signed out here: its next request is refused, and pushes go there no longer.")],
  columns: [
    { name: "account", label: _("Account"), sort: true },
    { name: "crew_name", label: _("Crew"), sort: true },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind, failure }) => [KINDS[kind](), failure ? `✕ ${failureLabel(failure)}` : ""].filter(Boolean).join(" ") },
    { name: "created_at", label: _("Since"), sort: true, cell: ({ created_at: since }) => at(since) },
    { name: "seen_at", label: _("Last seen"), sort: true, cell: ({ seen_at: seen }) => at(seen) },
    { name: "expires_at", label: _("Until"), sort: true, cell: ({ expires_at: until }) => at(until) },
  ],
  filters: [{ name: "kind", label: _("Kind"), options: kinds }],
  actions: [{ label: _("Sign it out"), ask: () => _("It has to sign in again. A tracker needs a new token."), act: ({ id }) => revoke([id]) }],
  bulk: [{ label: _("Sign them out"), send: revoke }],
  exports: "devices",
}));
