import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const RUNNING = { id: 1, name_en: "There in 30 min", name_zh: "30 分钟到场", stop: "on_scene", state: "running", limit_s: 1800, started_at: "2026-01-31T08:30:00Z", warn_at: "2026-01-31T08:52:30Z", due_at: "2026-01-31T09:00:00Z" };

/** The module, with the clock at a time of that morning. */
async function at(t, time) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse(`2026-01-31T${time}Z`) });
  return page.script("pledges/pledge_clock");
}

test("a clock is quiet until it warns, and then says by sign and word how it stands", async (t) => {
  const looks = [];
  for (const time of ["08:40:00", "08:52:30", "09:04:00"]) {
    const { clockLook } = await at(t, time);
    looks.push(clockLook(RUNNING));
  }

  assert.deepEqual(looks, [
    { look: "quiet", sign: "◷", words: "20 min left" },
    { look: "warning", sign: "▲", words: "8 min left" },
    { look: "missed", sign: "✗", words: "4 min over" },
  ]);
});

test("what was decided or stands still says so, with the cause of a miss", async (t) => {
  const { clockLook } = await at(t, "09:10:00");
  const say = (change) => clockLook({ ...RUNNING, ...change }).words;

  assert.equal(say({ state: "paused", due_at: null, left_s: 1200 }), "paused, 20 min left");
  assert.equal(say({ state: "stopped", verdict: "kept", stopped_at: "2026-01-31T08:50:00Z" }), "kept in 20 min");
  assert.equal(say({ state: "stopped", verdict: "breached", cause: "long_way" }), "missed: Long way");
});

test("a crew that comes later than what is left is too late by the rest", async (t) => {
  // At 08:50 ten minutes are left: who needs nine is in time, who needs fourteen is four too late.
  const { lateWords } = await at(t, "08:50:00");

  assert.equal(lateWords(RUNNING, 9 * 60), "");
  assert.equal(lateWords(RUNNING, 14 * 60), "4 min too late for the 30 min pledge");
  assert.equal(lateWords(null, 14 * 60), "");
});

test("once it is missed nobody is told by how much the others are late", async (t) => {
  const { lateWords } = await at(t, "09:00:00");

  assert.equal(lateWords(RUNNING, 60), "");
});

test("the clock that is due first stands in the row, paused ones behind", async (t) => {
  const { firstClock } = await at(t, "08:40:00");
  const later = { ...RUNNING, id: 2, due_at: "2026-01-31T20:30:00Z", stop: "restored" };
  const paused = { ...RUNNING, id: 3, state: "paused", due_at: null };

  assert.equal(firstClock({ clocks: [paused, later, RUNNING] }).id, 1);
  assert.equal(firstClock({ clocks: [paused, later] }).id, 2);
  assert.equal(firstClock({ clocks: [{ ...RUNNING, state: "stopped" }] }), null);
});
