// Names of the sounds, and of the events that may make them.
import { _ } from "../core/i18n.js";

const SOUND = {
  none: () => _("silent"),
  alarm: () => _("Alarm"),
  chime: () => _("Chime"),
  knock: () => _("Knock"),
  pulse: () => _("Pulse"),
  fall: () => _("Falling"),
  rise: () => _("Rising"),
  bell: () => _("Bell"),
  tick: () => _("Tick"),
};

export const NEWS = {
  emergency: () => _("New incident, emergency (P1)"),
  incident: () => _("New incident"),
  trouble: () => _("An order was declined or expired"),
  unanswered: () => _("An order is not answered"),
  message: () => _("A crew has written"),
  arrived: () => _("A crew has arrived"),
  completed: () => _("An order is completed"),
  lost: () => _("The board is not live"),
  back: () => _("The board is live again"),
};

export const NOTICES = {
  incident: () => _("New incident"),
  trouble: () => _("An order was declined, expired or is not answered"),
  message: () => _("A crew has written"),
  lost: () => _("The board is not live"),
};

export const soundLabel = (name) => SOUND[name]?.() ?? name;
