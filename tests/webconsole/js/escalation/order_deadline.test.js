import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

async function at(t, time) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse(time) });
  return page.script("escalation/order_deadline");
}

test("the time left to answer runs out, and then there is none", async (t) => {
  const chain = { waiting: "answer", alarm_at: "2026-01-31T08:41:00Z" };
  const early = await at(t, "2026-01-31T08:40:20Z");

  assert.equal(early.secondsLeft({ chain }), 40);
  assert.equal(early.secondsLeft({ chain: { ...chain, waiting: null } }), null);
  assert.equal(early.secondsLeft({ chain: null }), null);
});

test("who should go instead is told with the time by road, or that it was found by straight distance", async (t) => {
  const { nextBestLine } = await at(t, "2026-01-31T08:40:20Z");
  const chain = (next_best) => ({ chain: { sought_at: "2026-01-31T08:40:00Z", next_best } });

  assert.equal(nextBestLine({ chain: { sought_at: null } }), "");
  assert.equal(nextBestLine(chain(null)), "no other crew is free");
  assert.equal(nextBestLine(chain({ crew_name: "West 2", travel_time_s: 360, distance_m: 1200 })), "next best is West 2, 6 min");
  assert.equal(nextBestLine(chain({ crew_name: "West 2", travel_time_s: null, distance_m: 1234 })), "next best is West 2, 1.2 km in a straight line");
});
