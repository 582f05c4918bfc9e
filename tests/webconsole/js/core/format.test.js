// Times as a dispatcher reads them beside a crew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a range is never from a minute to the same one", async (t) => {
  // For every pair of times of up to an hour, on both sides of where minutes round.
  const page = openPage(t);
  const { travelTimeRange } = await page.script("core/format");
  const around = Array.from({ length: 60 }, (_, minute) => minute * 60 + 30);
  const times = around.flatMap((middle) => [middle - 0.6, middle - 0.4, middle + 0.4]);

  for (const from of times) {
    for (const to of times.filter((each) => each >= from && each < from + 200)) {
      const text = travelTimeRange(from, to);
      const ends = text.replace("1 h ", "1").match(/\d+/g) ?? [];
      assert.equal(new Set(ends).size, ends.length, text);
    }
  }
});
