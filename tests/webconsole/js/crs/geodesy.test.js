import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";
import { vectors } from "../vectors.js";

test("lengths and areas are those of the ellipsoid", async (t) => {
  // Within 0.1 % of pyproj's, from the equator to the far north, up to a hundred kilometres.
  const { areaOf, lengthOf } = await openPage(t).script("crs/geodesy");
  const isWithinAThousandth = (actual, expected) => assert.ok(Math.abs(actual / expected - 1) <= 1e-3, `${actual} is not ${expected}`);
  const lines = vectors("lengths_and_areas").filter(({ line }) => line);
  const rings = vectors("lengths_and_areas").filter(({ ring }) => ring);

  assert.deepEqual([lines.length, rings.length], [5, 2]);
  for (const { line, length_m } of lines) isWithinAThousandth(lengthOf(line), length_m);
  for (const { ring, area_m2 } of rings) isWithinAThousandth(areaOf(ring), area_m2);
});
