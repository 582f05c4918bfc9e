import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a path that nobody could tell is not called none", async (t) => {
  // Without an answer it is asked for again; a "no" of the server holds for a while.
  const page = openPage(t);
  const { pathBetween } = await page.script("assignments/road_paths");
  const [from, to] = [{ lon: 7.42, lat: 43.73 }, { lon: 7.43, lat: 43.74 }];
  const isUnknown = async (answer) => {
    page.answer("/routes", {}, answer);
    return Boolean((await pathBetween(from, to)).unknown);
  };

  assert.equal(await isUnknown({ offline: true }), true);
  assert.equal(await isUnknown({ status: 429 }), true);
  assert.equal(await isUnknown({ status: 503 }), true);
  assert.equal(await isUnknown({ status: 404 }), false);
  assert.equal(await isUnknown({ status: 404 }), false);
  assert.equal(page.asked.length, 4);
});
