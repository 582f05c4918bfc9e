import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const of = (crew_id, verdict, free_in_s, travel_time_s, interrupt = null) => ({ crew_id, crew_name: `Crew ${crew_id}`, verdict, free_in_s, travel_time_s, interrupt });

test("another crew than the recommended one costs the difference of their arrivals", async (t) => {
  const { overriddenBy } = await openPage(t).script("sending/override_chips");
  const list = [of(1, "recommended", 0, 120), of(2, "possible", 600, 60, { travel_time_s: 180 }), of(3, "excluded", 0, null)];

  assert.equal(overriddenBy(list, 1), null);
  assert.deepEqual(overriddenBy(list, 2), { name: "Crew 1", costS: 540 });
  assert.deepEqual(overriddenBy(list, 2, { interrupted: true }), { name: "Crew 1", costS: 60 });
  assert.deepEqual(overriddenBy(list, 3), { name: "Crew 1", costS: null });
  assert.equal(overriddenBy([of(2, "possible", 0, 1)], 2), null);
});
