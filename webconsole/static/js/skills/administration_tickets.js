// Administration of tickets: what expires soon, what has expired, withdrawn before its time.
import { showSubject } from "../administration/subject_page.js";
import { patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { skillLabel } from "../core/labels.js";
import { skillOptions } from "../crews/register_options.js";
import { periodFields } from "./ticket_fields.js";
import { dayLabel, expiryLabel, ticketSign, ticketStateLabel } from "./ticket_labels.js";

const stands = (ticket) => el("span.ticket-state", { data: { state: ticket.state } }, `${ticketSign(ticket.state)} ${expiryLabel(ticket) || ticketStateLabel(ticket.state)}`);

await showSubject(() => ({
  path: "/tickets",
  rows: "tickets",
  order: "valid_until",
  rowName: ({ person_name: name, skill }) => `${name}, ${skillLabel(skill)}`,
  help: () => [_("Both days count. A ticket that has ended takes its skill from the crew at midnight; orders under way go on, and desk and crew are told."), _("Tickets are added on the page of people, or imported.")],
  none: () => _("There is no ticket yet."),
  columns: [
    { name: "person_name", label: _("Name"), sort: true },
    { name: "crew_name", label: _("Crew"), sort: true },
    { name: "skill", label: _("Skill"), sort: true, cell: ({ skill }) => skillLabel(skill) },
    { name: "number", label: _("Number") },
    { name: "issued_by", label: _("Issued by") },
    { name: "valid_from", label: _("From"), sort: true, cell: ({ valid_from: day }) => dayLabel(day) },
    { name: "valid_until", label: _("Until"), sort: true, cell: ({ valid_until: day }) => (day ? dayLabel(day) : _("no end")) },
    { name: "state", label: _("State"), cell: stands },
  ],
  filters: [
    { name: "state", label: _("State"), options: () => Object.keys(boot.labels.ticket_state).map((code) => [code, ticketStateLabel(code)]) },
    { name: "skill", label: _("Skill"), options: skillOptions },
  ],
  fields: periodFields(),
  change: { whole: true, send: ({ id }, values) => patch(`/tickets/${id}`, values) },
  mayChange: ({ state }) => state !== "withdrawn",
  actions: [
    {
      label: _("Withdraw"),
      when: ({ state }) => state !== "withdrawn",
      ask: () => _("It counts no more from this moment on. Orders under way go on; desk and crew are told."),
      fields: [{ name: "reason", label: _("Why"), required: true, maxlength: 1000, value: () => "" }],
      act: ({ id }, values) => post(`/tickets/${id}/withdraw`, values),
    },
  ],
  imports: "tickets",
  exports: "tickets",
}));
