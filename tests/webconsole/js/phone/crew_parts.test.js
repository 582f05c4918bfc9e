import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("of parts that want the screen the first in order gets it, beside a ringing order only an urgent one", async (t) => {
  const page = openPage(t);
  const { addCrewPart, lookOfParts, screenOfParts } = await page.script("phone/crew_parts");
  const wants = { offer: true, roll: false };
  addCrewPart({ id: "offer", order: 20, screen: () => (wants.offer ? { key: "1" } : null), look: () => "as lead" });
  addCrewPart({ id: "roll", order: 10, urgent: true, screen: () => (wants.roll ? { key: "7" } : null) });

  assert.equal(screenOfParts({ urgent: false }).key, "offer 1");
  assert.equal(screenOfParts({ urgent: true }), null);
  wants.roll = true;
  assert.equal(screenOfParts({ urgent: false }).key, "roll 7");
  assert.equal(screenOfParts({ urgent: true }).key, "roll 7");
  assert.equal(lookOfParts({}), "|as lead");
});
