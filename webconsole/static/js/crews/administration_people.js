// Administration of people: in which crew they are, how to call them, and their tickets.
import { showSubject } from "../administration/subject_page.js";
import { call, patch, post } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { skillLabel } from "../core/labels.js";
import { ticketFields } from "../skills/ticket_fields.js";
import { dayLabel } from "../skills/ticket_labels.js";
import { crewOptions, today } from "./register_options.js";

await showSubject(() => ({
  path: "/people",
  rows: "people",
  order: "name",
  help: () => [_("A person is in one crew at a time. Telephones are personal: they stand in no log.")],
  none: () => _("There is nobody yet. Add members on the page of crews, or import them."),
  columns: [
    { name: "name", label: _("Name"), sort: true },
    { name: "personnel_number", label: _("Personnel number"), sort: true },
    { name: "crew", label: _("Crew"), sort: true, cell: ({ crew, leads }) => (crew && leads ? _("%(crew)s, leads", { crew }) : crew) },
    { name: "phone", label: _("Telephone") },
    { name: "skills", label: _("Valid tickets"), cell: ({ skills }) => skills.map(skillLabel).join(", ") },
    { name: "expires_on", label: _("Next ticket to expire"), cell: ({ expires_on: day }) => dayLabel(day) },
  ],
  filters: [
    { name: "crew_id", label: _("Crew"), options: crewOptions },
    { name: "in_crew", label: _("State"), options: [["true", _("in a crew")], ["false", _("in no crew")]] },
  ],
  fields: [
    { name: "name", label: _("Name"), required: true, maxlength: 100 },
    { name: "personnel_number", label: _("Personnel number"), maxlength: 100 },
    { name: "phone", label: _("Telephone"), input: "tel", maxlength: 40, blank: "" },
    { name: "username", label: _("Account"), maxlength: 100 },
  ],
  change: { send: ({ id }, changed) => patch(`/people/${id}`, changed) },
  actions: [
    { label: _("Add a ticket"), fields: ticketFields(), act: ({ id }, values) => post(`/people/${id}/tickets`, values) },
    {
      label: _("Move to a crew"),
      ask: ({ name, crew }) => (crew ? _("%(name)s leaves %(crew)s the day before.", { name, crew }) : ""),
      fields: [
        { name: "crew", label: _("Crew"), type: "select", number: true, required: true, options: crewOptions, value: () => null },
        { name: "from_on", label: _("First day"), type: "day", required: true, value: today },
        { name: "leads", label: _("Leads the crew"), type: "check", value: () => false },
      ],
      act: ({ id }, { crew, ...values }) => post(`/crews/${crew}/members`, { person_id: id, ...values }),
    },
    { label: _("Take the lead"), when: ({ member_id: member, leads }) => Boolean(member) && !leads, act: ({ crew_id: crew, member_id: member }) => patch(`/crews/${crew}/members/${member}`, { leads: true }) },
    {
      label: _("Take out of the crew"),
      when: ({ member_id: member }) => Boolean(member),
      ask: ({ name, crew }) => _("%(name)s is no longer in %(crew)s from now on.", { name, crew }),
      act: ({ crew_id: crew, member_id: member }) => call("DELETE", `/crews/${crew}/members/${member}`),
    },
  ],
  imports: "members",
  exports: "people",
}));
