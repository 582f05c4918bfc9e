// Desktop notices for whoever looks at another program. Permission is requested by a click only; they
// are shown only while no window of this desk is visible, and by one window for all.
import { preferences } from "../core/preferences.js";
import { select } from "../core/store.js";
import { anyVisible } from "../live/window_sync.js";

/** "granted", "denied", "default" (not asked yet) or "none": no notices here, or no https. */
export const noticesAllowed = () => (typeof Notification === "function" && window.isSecureContext ? Notification.permission : "none");

/** Ask for permission; only ever after a click. Returns what was answered. */
export async function askForNotices() {
  return noticesAllowed() === "default" ? Notification.requestPermission() : noticesAllowed();
}

/** Show a notice, if it is wanted and nobody is looking. A click on it leads to what it tells of. */
export function notice(news, title, { body = "", kind = null, id = null } = {}) {
  const { notify, notices } = preferences();
  if (!notify || !notices[news] || noticesAllowed() !== "granted" || anyVisible()) return null;
  const shown = new Notification(title, { body, tag: `nearcrew-${news}-${id ?? ""}`, requireInteraction: news !== "incident" });
  shown.onclick = () => {
    window.focus();
    if (kind) select(kind, id);
    shown.close();
  };
  return shown;
}
