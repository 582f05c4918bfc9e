import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";
import { vectors } from "../vectors.js";

test("the browser shifts as the server does", async (t) => {
  // One map, two programs: a pin must not jump when it is saved.
  const { fromWgs84, toWgs84 } = await openPage(t).script("crs/datum");
  const places = vectors("shifted_places");
  const isNear = (actual, expected) => {
    for (const axis of [0, 1]) assert.ok(Math.abs(actual[axis] - expected[axis]) <= 1e-10, `${actual} is not ${expected}`);
  };

  assert.ok(places.length > 60);
  for (const { at, ...shifted } of places) {
    isNear(fromWgs84(...at, "wgs84"), at);
    isNear(toWgs84(...at, "wgs84"), at);
    for (const datum of ["gcj02", "bd09"]) {
      const [there, back] = shifted[datum];
      isNear(fromWgs84(...at, datum), there);
      isNear(toWgs84(...at, datum), back);
    }
  }
});
