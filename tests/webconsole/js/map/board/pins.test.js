import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

const TAG = { width: 30, height: 18, picked: false, alarm: false };
const SPOTS = [{ dx: 15, dy: -34 }, { dx: -45, dy: -34 }];
const SOLID = { dx: -14, dy: -41, width: 28, height: 41 };
const pin = (id, wx, tag = {}) => ({ id, rank: 13, wx, wy: 0, solid: SOLID, tag: { ...TAG, number: String(id), spots: SPOTS, ...tag } });

test("each priority has a head of its own, and an unknown one is the least", async (t) => {
  const { headShape } = await openPage(t).script("map/board/pins");

  assert.equal(new Set([1, 2, 3, 4].map(headShape)).size, 4);
  assert.equal(headShape(9), headShape(4));
});

test("a number stands to the right, to the left where another pin is, and nowhere over a pin", async (t) => {
  const { withRoom } = await openPage(t).script("map/board/name_tags");
  // 30 px apart: to the right of the first is the second, whose head reaches from 16 to 44.
  const [one, two] = [pin(1, 0), pin(2, 30)];
  assert.deepEqual([withRoom([one, two], 1).get(one), withRoom([one, two], 1).get(two)], [SPOTS[1], SPOTS[0]]);

  // Between two others there is no room at all, unless it is the chosen one.
  const between = [pin(1, -30), pin(2, 0), pin(3, 30)];
  assert.ok(!withRoom(between, 1).has(between[1]));
  const chosen = [between[0], pin(2, 0, { picked: true }), between[2]];
  assert.deepEqual(withRoom(chosen, 1).get(chosen[1]), SPOTS[0]);
});
