// The fields of a new ticket, in the forms of people and of tickets.
import { _ } from "../core/i18n.js";
import { skillOptions, today } from "../crews/register_options.js";

export const periodFields = () => [
  { name: "number", label: _("Number"), maxlength: 100, blank: "" },
  { name: "issued_by", label: _("Issued by"), maxlength: 100, blank: "" },
  { name: "valid_from", label: _("First valid day"), type: "day", required: true },
  { name: "valid_until", label: _("Last valid day"), type: "day", help: _("Leave it blank if the ticket does not expire.") },
];

export const ticketFields = () => [
  { name: "skill", label: _("Skill"), type: "select", required: true, options: skillOptions, value: () => null },
  ...periodFields().map((field) => ({ ...field, value: field.name === "valid_from" ? today : () => null })),
];
