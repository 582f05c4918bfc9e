import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const ORDER = { id: 1, state: "offered", rank: 0, offered_at: "2026-01-31T08:00:00Z" };

/** The alarms of a page that was loaded at 08:40:05, an offer being left a minute. */
async function alarmsOf(t, order) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:40:05Z") });
  const { state } = await page.script("core/store");
  const { openAlarms, watchAlarms } = await page.script("notifications/alarms");
  state.loading.incidents = "ready";
  state.incidents.set(1, { id: 1, state: "assigned", assignments: [{ ...ORDER, ...order }] });
  watchAlarms();
  return openAlarms().map(({ kind, since }) => [kind, since]);
}

test("an order that moved up is unanswered from then on, in a new window too", async (t) => {
  // Queued for 40 minutes and asked of its crew for five seconds is no alarm.
  assert.deepEqual(await alarmsOf(t, { asked_at: "2026-01-31T08:40:00Z" }), []);
  assert.deepEqual(await alarmsOf(t, { asked_at: null, rank: 1 }), []);
  assert.deepEqual(await alarmsOf(t, { asked_at: "2026-01-31T08:39:00Z" }), [["unanswered", "2026-01-31T08:39:00Z"]]);
});
