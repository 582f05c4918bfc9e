import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a badge says by what a crew is reached, and for how long by nothing", async (t) => {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T03:00:46Z") });
  const { isReached, reachBadge, reachLabel } = await page.script("reach/reach_badge");
  const since = "2026-01-31T03:00:00Z";

  assert.equal(reachLabel({ channels: ["page"], since }), "reachable");
  assert.equal(reachLabel({ channels: ["page_mute"], since }), "phone is mute");
  assert.equal(reachLabel({ channels: ["tracker"], since: null }), "tracker only");
  assert.equal(reachLabel({ channels: [], since }), "no sign of its page for 46 s");
  assert.equal(reachLabel({ channels: [], since: null }), "page never opened");
  assert.equal(reachLabel(undefined), "page never opened"); // as in decisions kept by former releases
  assert.equal(reachBadge({ channels: [], since }).dataset.reach, "none");
  assert.deepEqual([["page"], ["page_mute"], []].map((channels) => isReached({ channels })), [true, false, false]);
});
