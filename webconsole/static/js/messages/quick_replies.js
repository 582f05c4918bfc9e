// What is said most often, for one press. Sent as words, in the language of whoever sends it.
import { _ } from "../core/i18n.js";

export const deskReplies = () => [
  _("Understood"),
  _("A second crew is on its way to you"),
  _("Wait for the police"),
  _("Wait for the fire brigade"),
  _("Call the desk, please"),
];

export const crewReplies = () => [
  _("Understood"),
  _("Need an excavator"),
  _("Need a second crew"),
  _("Need the police"),
  _("Caller does not answer"),
];
