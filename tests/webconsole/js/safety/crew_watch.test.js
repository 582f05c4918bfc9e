import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const WATCH = { id: 1, every_s: 900, well_at: "2026-01-31T02:00:00Z", due_at: "2026-01-31T02:15:00Z", alarm_at: "2026-01-31T02:17:00Z" };
const known = (fields = {}) => ({ check_ins: [], roll_calls: [], sos: null, help: [], ...fields });
const tapped = (occurred_at) => ({ what: "check-in", body: { occurred_at } });
const iso = (ms) => new Date(ms).toISOString();

test("what was tapped without signal moves the check-in on this phone at once", async (t) => {
  const { watchNow } = await openPage(t).script("safety/crew_watch");

  const before = watchNow(known({ check_ins: [WATCH] }), []);
  const after = watchNow(known({ check_ins: [WATCH] }), [tapped("2026-01-31T02:10:00Z")]);

  assert.equal(iso(before.dueMs), "2026-01-31T02:15:00.000Z");
  assert.equal(iso(before.alarmMs), "2026-01-31T02:17:00.000Z");
  assert.equal(iso(after.dueMs), "2026-01-31T02:25:00.000Z");
  assert.equal(watchNow(null, []), null);
});

test("a question to all crews is answered by what was tapped after it, not before", async (t) => {
  const { rollCallNow } = await openPage(t).script("safety/crew_watch");
  const call = { id: 7, asked_at: "2026-01-31T02:10:00Z" };

  assert.equal(rollCallNow(known({ roll_calls: [call] }), [tapped("2026-01-31T02:09:00Z")]).id, 7);
  assert.equal(rollCallNow(known({ roll_calls: [call] }), [tapped("2026-01-31T02:11:00Z")]), null);
});

test("an SOS is unsent, sent, and seen by somebody with a name", async (t) => {
  const { sosNow } = await openPage(t).script("safety/crew_watch");
  const sos = { raised_at: "2026-01-31T02:10:00Z", taken_at: null, taken_by: null };

  assert.equal(sosNow(known(), []).phase, "none");
  assert.equal(sosNow(known(), [{ what: "sos", body: { occurred_at: sos.raised_at } }]).phase, "unsent");
  assert.equal(sosNow(known({ sos }), []).phase, "sent");
  assert.deepEqual(sosNow(known({ sos: { ...sos, taken_at: "2026-01-31T02:11:00Z", taken_by: "Dora" } }), []).by, "Dora");
});
