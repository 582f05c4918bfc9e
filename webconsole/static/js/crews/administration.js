// Administration of crews: who they are, their station, what they can do of their own; retired and put back.
import { showSubject } from "../administration/subject_page.js";
import { patch, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { dutyLabel, skillLabel } from "../core/labels.js";
import { unitOptions } from "../people/role_names.js";
import { dayLabel, lapseLabel } from "../skills/ticket_labels.js";
import { CrewPeople } from "./crew_people.js";
import { skillOptions, stationOptions, today } from "./register_options.js";

const skillWords = ({ skills, lapsed }) => [skills.map(skillLabel).join(", "), ...lapsed.map((each) => lapseLabel(skillLabel(each.skill), each))].filter(Boolean).join(" · ");

/** Who is in it and with what, below the form; each list has a page of its own. */
function beside({ id }) {
  const people = new CrewPeople(id);
  const page = (name, label) => el("a", { href: `/administration/${name}?crew_id=${id}` }, label);
  return el("section.beside", {}, people.node, el("p.links", {}, page("people", _("Its people")), " · ", page("tickets", _("Their tickets")), " · ", page("vehicles", _("Its vehicles"))));
}

export const memberFields = () => [
  { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "" },
  { name: "personnel_number", label: _("Personnel number"), maxlength: 100 },
  { name: "phone", label: _("Telephone"), input: "tel", maxlength: 40, blank: "", help: _("Shown to those only who may call: the desk and the crew itself.") },
  { name: "username", label: _("Account"), maxlength: 100, help: _("User name of the person's own account, if there is one.") },
];

await showSubject(() => ({
  path: "/crews/register",
  rows: "crews",
  order: "name",
  help: () => [_("A crew can do what is recorded of itself, and what valid tickets of its present members say.")],
  none: () => _("There is no crew yet."),
  columns: [
    { name: "name", label: _("Crew"), sort: true },
    { name: "station", label: _("Station"), sort: true },
    { name: "unit_name", label: _("Unit"), sort: true },
    { name: "skills", label: _("Can do now"), cell: skillWords },
    { name: "members", label: _("Members"), cell: ({ members, leader }) => (leader ? _("%(n)s, led by %(who)s", { n: members, who: leader }) : String(members)) },
    { name: "plates", label: _("Vehicle"), cell: ({ plates }) => plates.join(", ") },
    { name: "expires_on", label: _("Next ticket to expire"), cell: ({ expires_on: day }) => dayLabel(day) },
    { name: "duty", label: _("Duty"), sort: true, cell: ({ duty, retired_at: retired }) => (retired ? _("retired") : dutyLabel(duty)) },
  ],
  filters: [
    { name: "station_id", label: _("Station"), options: stationOptions },
    { name: "skill", label: _("Skill"), options: skillOptions },
    { name: "lapsed", label: _("Tickets"), options: [["true", _("some have ended")], ["false", _("all are valid")]] },
    { name: "duty", label: _("Duty"), options: () => Object.keys(boot.labels.duty).map((code) => [code, dutyLabel(code)]) },
    { name: "service", label: _("State"), any: _("In service"), options: [["retired", _("retired")], ["all", _("all")]] },
  ],
  fields: [
    { name: "name", label: _("Name"), required: true, maxlength: 100, blank: "", help: _("What is said on the radio.") },
    { name: "station_id", label: _("Station"), type: "select", number: true, options: stationOptions, only: "change" },
    { name: "station", label: _("Station"), type: "select", only: "new", options: async () => (await stationOptions()).map(([, name]) => [name, name]) },
    { name: "unit_id", label: _("Unit"), type: "select", number: true, options: unitOptions, any: _("as mine"), only: "new" },
    { name: "unit_id", label: _("Unit"), type: "select", number: true, required: true, options: unitOptions, only: "change" },
    { name: "skills", label: _("Skills of the crew itself"), type: "several", options: skillOptions, named: skillLabel, value: ({ own_skills: own }) => own ?? [], help: _("These do not expire. Leave out what tickets of its members have to prove.") },
    { name: "emergency_drive", label: _("May drive with blue lights"), type: "check", value: ({ own_emergency_drive: own }) => Boolean(own), help: _("As long as it has a vehicle, the vehicle says so instead.") },
  ],
  create: { label: _("New crew"), send: (values) => post("/crews", values) },
  change: { send: ({ id }, changed) => patch(`/crews/${id}`, changed) },
  mayChange: ({ retired_at: retired }) => !retired,
  extra: beside,
  actions: [
    {
      label: _("Add a member"),
      when: ({ retired_at: retired }) => !retired,
      fields: [
        ...memberFields(),
        { name: "from_on", label: _("First day"), type: "day", value: today },
        { name: "until_on", label: _("Last day"), type: "day", value: () => null },
        { name: "leads", label: _("Leads the crew"), type: "check", value: () => false },
      ].map((field) => ({ value: () => null, ...field })),
      act: ({ id }, values) => post(`/crews/${id}/members`, values),
    },
    {
      label: _("Retire"),
      when: ({ retired_at: retired }) => !retired,
      ask: ({ name }) => _("%(name)s goes off duty and from all desks; its vehicles are free and its members' time in it ends. Its history stays.", { name }),
      act: ({ id }) => post(`/crews/${id}/retire`),
    },
    { label: _("Put back into service"), when: ({ retired_at: retired }) => Boolean(retired), act: ({ id }) => post(`/crews/${id}/restore`) },
  ],
  bulk: [
    { label: _("Change the station"), fields: [{ name: "station_id", label: _("Station"), type: "select", number: true, options: stationOptions }], send: (ids, values) => post("/crews/changes", { ids, ...values }) },
    { label: _("Retire"), help: [_("A crew with an order cannot be retired: end or withdraw it first.")], send: (ids) => post("/crews/changes", { ids, retire: true }) },
  ],
  imports: "crews",
  exports: "crews",
}));
