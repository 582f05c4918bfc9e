import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";
import { vectors } from "../vectors.js";

test("a position is written in the forms that the server can read back", async (t) => {
  // Decimal and sexagesimal; in China also as its maps have it.
  const { spellings } = await openPage(t).script("crs/coordinates");
  const places = vectors("written_positions");

  assert.deepEqual(places.map(({ at }) => spellings(...at)), places.map(({ written }) => written));
});
