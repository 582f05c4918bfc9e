import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const GOOD = { secure: true, location: "granted", notifications: "granted", worker: true, freeBytes: 1e9, persisted: true, wakeLock: true, clockOffMs: 0, batteryAllowed: true };

test("a phone on which everything works has no troubles, and each lack is one", async (t) => {
  const { troublesOf } = await openPage(t).script("reach/phone_checks");
  assert.deepEqual(troublesOf(GOOD), []);
  const lacks = {
    no_location: { location: "none" },
    location_denied: { location: "denied" },
    location_not_asked: { location: "prompt" },
    not_offline: { worker: false },
    no_notifications: { notifications: "none" },
    notifications_denied: { notifications: "denied" },
    storage_small: { freeBytes: 49e6 },
    storage_temporary: { persisted: false },
    screen_sleeps: { wakeLock: false },
    clock_wrong: { clockOffMs: -61_000 },
    battery_saver: { batteryAllowed: false },
  };
  for (const [code, lack] of Object.entries(lacks)) assert.deepEqual(troublesOf({ ...GOOD, ...lack }), [code]);
});

test("over plain http all that follows from it is said once", async (t) => {
  const { troublesOf } = await openPage(t).script("reach/phone_checks");
  assert.deepEqual(troublesOf({ ...GOOD, secure: false, location: "denied", worker: false, persisted: null }), ["insecure"]);
});

test("what a browser does not tell is no trouble", async (t) => {
  const { troublesOf } = await openPage(t).script("reach/phone_checks");
  assert.deepEqual(troublesOf({ ...GOOD, location: "unknown", freeBytes: null, persisted: null, notifications: "default" }), []);
});

test("the phone's make and model come from what its browser calls itself", async (t) => {
  const { modelOf, vendorOf } = await openPage(t).script("reach/phone_checks");
  const of = (middle) => `Mozilla/5.0 (Linux; Android 13; ${middle}) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36`;
  const made = [["SM-A536B", "samsung"], ["CPH2269", "oppo"], ["V2109A", "vivo"], ["HUAWEI NOH-AN00", "huawei"], ["K", "other"]];
  for (const [middle, vendor] of made) assert.equal(vendorOf(of(middle)), vendor);
  assert.equal(vendorOf(of("Redmi Note 11")), "xiaomi");
  assert.equal(modelOf(of("SM-A536B")), "SM-A536B");
  assert.equal(modelOf(of("2201117TY Build/RKQ1")), "2201117TY");
  assert.equal(modelOf(of("K")), "Android");
  assert.equal(modelOf("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)"), "iPhone");
});
