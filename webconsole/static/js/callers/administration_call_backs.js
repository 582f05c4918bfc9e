// Callers who asked on their page to be called back; that somebody called is ticked with the report.
import { showSubject } from "../administration/subject_page.js";
import { post } from "../core/api.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";

const called = ({ incident_id: incident, report_id: report }, { note }) =>
  post(`/incidents/${incident}/reports/${report}/call-back`, { called: true, ...(note ? { note } : {}) });

await showSubject(() => ({
  path: "/callers/call-backs",
  rows: "call_backs",
  order: "asked_at",
  id: ({ report_id: id }) => id,
  rowName: ({ caller_name: name, incident_id: incident }) => [name, `#${incident}`].filter(Boolean).join(" "),
  help: () => [_("Whoever rated a case on its page may ask to be called. Those who wait longest come first.")],
  none: () => _("Nobody has asked to be called."),
  columns: [
    { name: "asked_at", label: _("Asked"), sort: true, cell: ({ asked_at: at }) => clock(at, { seconds: false }) },
    { name: "incident_id", label: _("Incident"), cell: ({ incident_id: id }) => `#${id}` },
    { name: "caller_name", label: _("Caller") },
    { name: "caller_phone", label: _("Telephone") },
    { name: "rating", label: _("Rating"), sort: true, cell: ({ rating: marks }) => marks && _("%(n)s of 5", { n: marks }) },
    { name: "words", label: _("In words") },
    { name: "called_at", label: _("Called back"), sort: true, cell: ({ called_at: at, called_by: who, note }) => at && [clock(at, { seconds: false }), who, note].filter(Boolean).join(" · ") },
  ],
  filters: [{ name: "open", label: _("Called back"), options: () => [["true", _("still to be called")], ["false", _("called already")]] }],
  actions: [
    { label: _("Called back"), when: ({ called_at: at }) => !at, ask: ({ words }) => words, fields: [{ name: "note", label: _("What was said"), type: "long", maxlength: 1000 }], act: called },
  ],
  opens: false,
}));
