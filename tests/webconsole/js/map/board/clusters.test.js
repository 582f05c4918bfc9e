import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";
import { normal, uniform } from "../../random.js";

const REACH = 30;
const LEAST = 4;
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

/** Boards of points: none, one, all in one place, far apart, heaped as at a depot. */
function boards() {
  const random = uniform(5);
  const points = (count, at) => Array.from({ length: count }, (_, id) => ({ id, ...at(id) }));
  const heaped = [5, 40, 200].flatMap((spread) =>
    Array.from({ length: 8 }, () => points(60, () => ({ x: normal(random, spread), y: normal(random, spread) }))));
  return [
    points(0),
    points(1, () => ({ x: 0, y: 0 })),
    points(9, () => ({ x: 0, y: 0 })),
    points(10, (id) => ({ x: 180 * id, y: 180 * id + 90 })),
    ...heaped,
  ];
}

test("every point is in one group or alone, and groups are close", async (t) => {
  // And nobody is alone who had enough neighbours that were alone too.
  const { clustered } = await openPage(t).script("map/board/clusters");

  for (const points of boards()) {
    const { alone, groups } = clustered(points, { reach: REACH, least: LEAST });
    const found = [...alone, ...groups.flatMap(({ members }) => members)].map(({ id }) => id);

    assert.deepEqual(found.sort((a, b) => a - b), points.map(({ id }) => id));
    for (const group of groups) {
      const first = group.members.reduce((one, other) => (other.id < one.id ? other : one));
      assert.ok(group.members.length >= LEAST);
      for (const point of group.members) assert.ok(distance(first, point) <= REACH);
      const middle = group.members.reduce((sum, { x }) => sum + x, 0) / group.members.length;
      assert.ok(Math.abs(group.x - middle) <= 1e-6 * Math.max(1, Math.abs(middle)));
    }
    // The oracle looks at every pair.
    for (const point of alone) {
      const near = alone.filter((other) => distance(point, other) <= REACH);
      assert.ok(near.filter((other) => other.id >= point.id).length < LEAST);
    }
  }
});

test("points in one place are one group", async (t) => {
  // So that the rule above is not kept by grouping nothing.
  const { clustered } = await openPage(t).script("map/board/clusters");

  const { alone, groups } = clustered(boards()[2], { reach: REACH, least: LEAST });

  assert.deepEqual(alone, []);
  assert.deepEqual(groups.map(({ members }) => members.length), [9]);
});
