import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

const line = (...points) => points.map(([x, y]) => ({ x, y }));

test("arrows point along the traffic", async (t) => {
  // 240 px have two, at a quarter and at three; down the street is down the screen.
  const { arrowsOn } = await openPage(t).script("map/lettering/one_way_arrows");

  const arrows = arrowsOn(line([0, 0], [0, 240]), { size: 8, free: () => true });

  assert.deepEqual(arrows.map(({ x, y }) => [x, y]), [[0, 60], [0, 180]]);
  assert.deepEqual(arrows.map(({ along, down }) => [along, down]), [[0, 1], [0, 1]]);
});

test("an arrow makes room for a name", async (t) => {
  // A name lies from 40 to 80: the arrow due at 60 stands at 84, or nowhere when all is taken.
  const { arrowsOn } = await openPage(t).script("map/lettering/one_way_arrows");
  const street = line([0, 0], [120, 0]);

  const dodged = arrowsOn(street, { size: 8, free: ({ x }) => x < 40 || x > 80 });
  const full = arrowsOn(street, { size: 8, free: () => false });

  assert.deepEqual(dodged.map(({ x }) => x), [84]);
  assert.deepEqual(full, []);
});
