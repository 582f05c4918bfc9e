// What will not work on this phone: pure rules over what its browser tells, and the asking itself.
import { clockKnown, now } from "../core/clock.js";
import { readStored } from "../core/browser_storage.js";

const LEAST_BYTES = 50e6; // photos of a shift, and the map around
const CLOCK_OFF_MS = 60_000;
const BATTERY = "nearcrew-battery-allowed";

/** The codes of what will not work, the worst first; the server knows the same (`PhoneTrouble`). */
export function troublesOf(found) {
  const { secure, location, notifications, worker, freeBytes, persisted, wakeLock, clockOffMs, batteryAllowed } = found;
  if (!secure) return ["insecure", ...(Math.abs(clockOffMs) > CLOCK_OFF_MS ? ["clock_wrong"] : [])]; // what else is missing follows from it
  return [
    location === "none" && "no_location",
    location === "denied" && "location_denied",
    location === "prompt" && "location_not_asked",
    !worker && "not_offline",
    notifications === "none" && "no_notifications",
    notifications === "denied" && "notifications_denied",
    freeBytes !== null && freeBytes < LEAST_BYTES && "storage_small",
    persisted === false && "storage_temporary",
    !wakeLock && "screen_sleeps",
    Math.abs(clockOffMs) > CLOCK_OFF_MS && "clock_wrong",
    !batteryAllowed && "battery_saver",
  ].filter(Boolean);
}

/** Whether somebody said on this phone that its battery saver leaves the page alone. */
export const batteryKey = BATTERY;

async function locationPermission() {
  if (!("geolocation" in navigator)) return "none";
  try {
    return (await navigator.permissions.query({ name: "geolocation" })).state;
  } catch {
    return "unknown"; // some browsers do not say before they are asked
  }
}

async function storage() {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return { freeBytes: quota - usage, persisted: (await navigator.storage.persisted()) || (await navigator.storage.persist()) };
  } catch {
    return { freeBytes: null, persisted: null };
  }
}

/** Ask the browser everything that `troublesOf` goes by. */
export async function probePhone() {
  return {
    secure: window.isSecureContext,
    location: await locationPermission(),
    notifications: "Notification" in window ? Notification.permission : "none",
    worker: "serviceWorker" in navigator,
    ...(await storage()),
    wakeLock: "wakeLock" in navigator,
    clockOffMs: clockKnown() ? now() - Date.now() : 0,
    batteryAllowed: readStored(BATTERY, false) || !isPhone(navigator.userAgent),
  };
}

const isPhone = (agent) => /Android|HarmonyOS|iPhone|iPad/.test(agent);

const VENDORS = [
  ["huawei", /HUAWEI|HONOR|HarmonyOS|HMSCore/i],
  ["xiaomi", /Xiaomi|Redmi|POCO|MiuiBrowser/],
  ["oppo", /OPPO|realme|OnePlus|\bCPH\d{4}|\bRMX\d{4}|\bP[A-Z]{3}\d0\b/i],
  ["vivo", /vivo|iQOO|\bV\d{4}[A-Z]{1,2}\b/],
  ["samsung", /SAMSUNG|\bSM-[A-Z]\d/i],
  ["apple", /iPhone|iPad/],
];

/** Whose phone it is, for where its switches are; "other" if the browser does not tell. */
export const vendorOf = (agent) => VENDORS.find(([, sign]) => sign.test(agent))?.[0] ?? "other";

/** A few words for the desk: which phone of the crew it is. */
export function modelOf(agent) {
  const device = /Android [^;)]*; (?:[a-z]{2}-[a-z]{2}; )?([^;)]+?)(?: Build|[;)])/i.exec(agent)?.[1];
  const system = ["iPhone", "iPad", "HarmonyOS", "Android", "Windows", "Mac OS X", "Linux"].find((name) => agent.includes(name));
  return (device && device !== "K" ? device : system ?? "").trim().slice(0, 80);
}
