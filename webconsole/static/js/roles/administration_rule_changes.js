// Administration of changes that wait: pledges and chains that somebody else has to approve.
import { showSubject } from "../administration/subject_page.js";
import { post } from "../core/api.js";
import { el } from "../core/dom.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { showDialog } from "../widgets/dialog.js";

const WHAT = {
  "pledge.add": () => _("New pledge"),
  "pledge.change": () => _("Pledge changed"),
  "pledge.switch": () => _("Pledge switched on or off"),
  "pledge.retire": () => _("Pledge withdrawn"),
  "pledge.use_preset": () => _("Example of a pledge switched on or off"),
  "chain.set": () => _("Escalation chain changed"),
  "chain.remove": () => _("Escalation chain removed"),
};
const words = ({ what, target }) => [WHAT[what]?.() ?? what, target].filter(Boolean).join(" · ");

/** What was entered, field by field as the API takes it. */
function showChange(row) {
  const fields = Object.entries(row.command).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, JSON.stringify(value))]);
  showDialog("form-dialog", { title: words(row), body: el("div.access", {}, el("dl.details", {}, fields)) });
}

await showSubject(() => ({
  path: "/rule-changes",
  rows: "changes",
  order: "-entered_at",
  rowName: words,
  help: () => [_("Where two people are demanded for rules, a change holds once somebody else than who entered it has approved it.")],
  none: () => _("Nothing waits for approval."),
  columns: [
    { name: "what", label: _("Change"), sort: true, cell: words },
    { name: "entered_by", label: _("Entered by") },
    { name: "entered_at", label: _("Entered"), sort: true, cell: ({ entered_at: at }) => clock(at, { seconds: false }) },
  ],
  open: showChange,
  actions: [
    { label: _("Approve"), act: ({ id }) => post(`/rule-changes/${id}/approve`) },
    { label: _("Turn down"), act: ({ id }) => post(`/rule-changes/${id}/refuse`), ask: () => _("It is not stored. Who entered it can enter it again.") },
  ],
}));
