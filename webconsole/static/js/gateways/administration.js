// Administration of gateways: where what is to be told goes to become an SMS, a call or a chat.
import { showSubject } from "../administration/subject_page.js";
import { call, patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { gatewayKindLabel } from "../deliveries/channel_labels.js";

const kinds = () => Object.keys(boot.labels.gateway_kind).map((code) => [code, gatewayKindLabel(code)]);

function stateWords({ enabled, paused_until: pausedUntil }) {
  if (!enabled) return `○ ${_("switched off")}`;
  return pausedUntil ? ["✕", _("does not answer, tried again at %(time)s", { time: clock(pausedUntil) })].join(" ") : `● ${_("on")}`;
}

await showSubject(() => ({
  path: "/gateways",
  rows: "gateways",
  order: "name",
  help: () => [_("A gateway is an address of your own that takes what is to be told, signed, and passes it on. docs/gateways.md says how it is checked.")],
  none: () => _("There is no gateway yet, so crews are told on their page alone."),
  columns: [
    { name: "name", label: _("Name"), sort: true },
    { name: "kind", label: _("Kind"), sort: true, cell: ({ kind }) => gatewayKindLabel(kind) },
    { name: "url", label: _("Address"), sort: true },
    { name: "enabled", label: _("State"), sort: true, cell: stateWords },
  ],
  filters: [
    { name: "kind", label: _("Kind"), options: kinds },
    { name: "enabled", label: _("State"), options: [["true", _("on")], ["false", _("switched off")]] },
  ],
  fields: [
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "" },
    { name: "kind", label: _("Kind"), type: "select", required: true, options: kinds },
    { name: "url", label: _("Address"), required: true, blank: "", input: "url", placeholder: "https://sms.example/send", help: _("Messages are posted there.") },
    { name: "secret", label: _("Secret"), type: "secret", required: true, only: "new", help: _("Signs both directions. Copy it into the gateway now: it is never shown again.") },
    { name: "secret", label: _("New secret"), type: "secret", only: "change", help: _("Leave it blank to keep the present one, which cannot be shown.") },
    { name: "page_url", label: _("Address of this console for phones"), input: "url", help: _("Links in messages begin with it.") },
    { name: "timeout_s", label: _("Seconds within which it has to answer"), type: "number", min: 0.1, max: 30, required: true },
    { name: "enabled", label: _("Switched on"), type: "check" },
  ],
  create: { label: _("New gateway"), record: () => ({ kind: "sms", timeout_s: 5, enabled: true }), send: (values) => post("/gateways", values) },
  change: { send: ({ id }, changed) => patch(`/gateways/${id}`, changed) },
  actions: [
    { label: ({ enabled }) => (enabled ? _("Switch off") : _("Switch on")), act: ({ id, enabled }) => patch(`/gateways/${id}`, { enabled: !enabled }) },
  ],
  remove: { sentence: ({ name }) => _("%(name)s is removed and its secret forgotten. What was sent through it stays known.", { name }), send: ({ id }) => call("DELETE", `/gateways/${id}`) },
  exports: "gateways",
}));
