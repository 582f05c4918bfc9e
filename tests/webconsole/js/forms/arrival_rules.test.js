import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const PLACE = { lon: 7.42, lat: 43.73 };
const METRE = 1 / 111195; // degrees of latitude

/** The questions at each fix: [seconds, metres north of the place, accuracy in metres]. */
async function asked(t, fixes, { radius = 60, notYetAt = null } = {}) {
  const { afterFix, afterNotYet, beginning } = await openPage(t).script("forms/arrival_rules");
  let known = beginning;
  return fixes.map(([s, north, accuracy = 10]) => {
    known = afterFix(known, { lon: PLACE.lon, lat: PLACE.lat + north * METRE, accuracy, timestamp: 1000 * s }, PLACE, radius);
    const { asks } = known;
    if (s === notYetAt) known = afterNotYet(known);
    return asks;
  });
}

test("a crew that stays within the radius for ten seconds is asked", async (t) => {
  assert.deepEqual(await asked(t, [[0, 300], [20, 50], [25, 20], [30, 5], [31, 5]]), [false, false, false, true, true]);
});

test("who only drives past is not asked", async (t) => {
  assert.deepEqual(await asked(t, [[0, 120], [4, 40], [8, -40], [12, -120], [30, -400]]), [false, false, false, false, false]);
});

test("a crew that has stopped nearby is asked after half a minute, for the street may be closed", async (t) => {
  assert.deepEqual(await asked(t, [[0, 100], [10, 100], [20, 101], [31, 100]]), [false, false, false, true]);
});

test("a fix that may be a hundred metres wrong says nothing, and one of eighty widens the radius", async (t) => {
  assert.deepEqual(await asked(t, [[0, 5, 300], [60, 5, 300]]), [false, false]);
  assert.deepEqual(await asked(t, [[0, 200, 80], [5, 75, 80], [16, 70, 80]]), [false, false, true]);
});

test("after Not yet it asks again in three minutes, or once the crew has left and come back", async (t) => {
  const waiting = [[0, 10], [11, 10], [60, 10], [190, 10], [192, 10]];
  assert.deepEqual(await asked(t, waiting, { notYetAt: 11 }), [false, true, false, false, true]);
  const leaving = [[0, 10], [11, 10], [20, 200], [30, 10], [41, 10]];
  assert.deepEqual(await asked(t, leaving, { notYetAt: 11 }), [false, true, false, false, true]);
});

test("the question goes when the crew drives on", async (t) => {
  assert.deepEqual(await asked(t, [[0, 10], [11, 10], [20, 80], [30, 300]]), [false, true, true, false]);
});
