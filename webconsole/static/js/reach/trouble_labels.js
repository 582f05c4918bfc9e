// What will not work on a phone, in words: what it means, and how it is mended on whose phone.
import { say } from "../core/labels.js";
import { _ } from "../core/i18n.js";

const TROUBLE = {
  insecure: () => _("Opened without https: no position, no ringing with the page closed, nothing without signal"),
  no_location: () => _("This browser has no position: the desk does not see where you are"),
  location_denied: () => _("The position is not allowed: the desk does not see where you are"),
  location_not_asked: () => _("The position was never allowed on this phone"),
  no_notifications: () => _("This browser cannot ring with the page closed"),
  notifications_denied: () => _("Notifications are not allowed: nothing rings with the page closed"),
  not_offline: () => _("This browser cannot open the page without signal"),
  storage_small: () => _("Hardly any room is left: photos and the map may not be kept"),
  storage_temporary: () => _("The browser may clear what waits here when the phone runs out of room"),
  screen_sleeps: () => _("The screen cannot be kept lit: positions stop when it goes dark"),
  clock_wrong: () => _("The phone's clock is wrong"),
  battery_saver: () => _("The battery saver may close this page and silence it"),
};

const MEND = {
  insecure: () => _("Open the https address of Nearcrew; the desk has it as a QR code."),
  no_location: () => _("Use Chrome, Edge, Safari or Firefox in a current version."),
  location_denied: () => _("Touch the sign beside the address, then Permissions, then Location: allow."),
  location_not_asked: () => _("Go on duty and allow the position when the phone asks."),
  no_notifications: () => _("On an iPhone put the page on the home screen first (Share, Add to Home Screen). Else the desk reaches you by SMS or call."),
  notifications_denied: () => _("Touch the sign beside the address, then Permissions, then Notifications: allow."),
  not_offline: () => _("Use Chrome, Edge, Safari or Firefox, and no private window."),
  storage_small: () => _("Delete what you do not need on the phone, photos and videos first."),
  storage_temporary: () => _("Put the page on the home screen; then it stays."),
  screen_sleeps: () => _("Use a tracker app for positions, or set the screen to stay on while charging."),
  clock_wrong: () => _("Settings, Date and time: set automatically."),
};

const BATTERY = {
  huawei: () => _("Huawei, Honor: Settings, Battery, App launch, the browser: manage manually, and switch all three on."),
  xiaomi: () => _("Xiaomi, Redmi: Settings, Apps, the browser, Battery saver: no restrictions; and Autostart on."),
  oppo: () => _("OPPO, realme, OnePlus: Settings, Battery, the browser: allow background activity and auto launch."),
  vivo: () => _("vivo, iQOO: Settings, Battery, Background power consumption, the browser: allow."),
  samsung: () => _("Samsung: Settings, Apps, the browser, Battery: unrestricted."),
  apple: () => _("iPhone: Settings, Battery: Low Power Mode off while on duty."),
  other: () => _("Settings, Apps, the browser, Battery: unrestricted."),
};

export const troubleLabel = (code) => say(TROUBLE, code);
export const mendLabel = (code, vendor) => (code === "battery_saver" ? say(BATTERY, vendor) : say(MEND, code));
