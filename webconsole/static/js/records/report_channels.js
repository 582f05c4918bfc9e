// Channels by which an incident is reported, and their labels.
import { _ } from "../core/i18n.js";

const CHANNEL = {
  call: () => _("Call"),
  web: () => _("Web form"),
  hotline: () => _("Hotline ticket"),
  meter: () => _("Meter alarm"),
  crew: () => _("Reported by a crew"),
  other: () => _("Other"),
};

export const CHANNELS = Object.keys(CHANNEL);
export const channelLabel = (code) => CHANNEL[code]?.() ?? String(code);
