// Alarms about a crew's safety at an order: it has not reported, or needs help.
import { _ } from "../core/i18n.js";
import { helpLabel } from "./safety_labels.js";

const checkIn = (order) => order.safety?.check_in;

export const CHECK_IN_MISSED = {
  sound: "emergency",
  since: (order) => checkIn(order)?.missed_at ?? null,
  what: (order, names) => _("%(crew)s has not said that it is all right: %(incident)s", names),
  short: () => _("has not reported"),
};

export const HELP_WANTED = {
  sound: "emergency",
  since: (order) => order.safety?.help?.received_at ?? null,
  what: (order, names) => _("%(crew)s needs help (%(what)s): %(incident)s", { ...names, what: helpLabel(order.safety?.help?.what) }),
  short: (order) => _("needs help: %(what)s", { what: helpLabel(order.safety?.help?.what) }),
};
