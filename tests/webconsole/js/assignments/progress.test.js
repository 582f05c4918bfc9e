import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const ORDER = { id: 1, state: "offered", rank: 0, asked_at: "2026-01-31T08:40:00Z", travel_time_s: 240, eta_at: "2026-01-31T08:44:00Z" };

/** The module on a page that is looked at at 08:41. */
async function progress(t) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:41:00Z") });
  return page.script("assignments/progress");
}

test("an incident with several orders stands where the furthest of them is", async (t) => {
  const { stageOf, stageOfLabel } = await progress(t);
  const orders = ["offered", "en_route", "accepted", "withdrawn"].map((state, id) => ({ ...ORDER, id, state }));

  const assigned = (assignments) => ({ state: "assigned", assignments });
  assert.equal(stageOf(assigned(orders)), "en_route");
  assert.equal(stageOfLabel(assigned([orders[0], orders[2]])), "Accepted, not set out");
  assert.equal(stageOfLabel(assigned([orders[0]])), "Asked, no answer yet");
  assert.equal(stageOf({ state: "open", assignments: [orders[3]] }), "open");
  assert.equal(stageOf({ state: "resolved", assignments: [{ ...ORDER, state: "completed" }] }), "resolved");
});

test("an arrival is promised only once the crew has set out", async (t) => {
  const { arrivalOf, arrivalLine } = await progress(t);

  for (const state of ["offered", "accepted"]) {
    assert.deepEqual(arrivalOf({ ...ORDER, state }), { big: "", small: "about 4 min once they set out", late: false });
  }
  assert.equal(arrivalOf({ ...ORDER, travel_time_s: null }).small, "road time unknown");
  // 08:41 to 08:44 is 3 min.
  const driving = { ...ORDER, state: "en_route", departed_at: ORDER.asked_at };
  assert.equal(arrivalOf(driving).big, "3 min");
  assert.match(arrivalLine(driving), /^expected at /);
  // Expected at 08:38:59 and not there at 08:41: two minutes late.
  const late = arrivalOf({ ...driving, eta_at: "2026-01-31T08:38:59Z" });
  assert.deepEqual([late.big, late.late], ["2 min late", true]);
});

test("a crew could set out since it accepted, or since its order moved up", async (t) => {
  const { couldGoSince } = await progress(t);

  assert.equal(couldGoSince({ asked_at: "2026-01-31T08:00:00Z", accepted_at: "2026-01-31T08:01:00Z" }), "2026-01-31T08:01:00Z");
  assert.equal(couldGoSince({ asked_at: "2026-01-31T08:30:00Z", accepted_at: "2026-01-31T08:01:00Z" }), "2026-01-31T08:30:00Z");
});
