import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

for (const [text, most, lines] of [
  ["Fontvieille", 16, ["Fontvieille"]],
  ["Centre Cardio Thoracique", 16, ["Centre Cardio", "Thoracique"]],
  ["Jardins de Saint-Martin", 16, ["Jardins de", "Saint-Martin"]],
  ["人民医院", 16, ["人民医院"]],
  ["深圳市第二人民医院急诊中心", 16, ["深圳市第二人民", "医院急诊中心"]],
]) {
  test(`names are broken evenly: ${text}`, async (t) => {
    // No last line of two letters, in either script; nothing lost.
    const { linesOf } = await openPage(t).script("map/lettering/lettering");

    assert.deepEqual(linesOf(text, most), lines);
  });
}

test("accents stay on their letters", async (t) => {
  // A letter and its combining accent are one mark on a curve.
  const { letters } = await openPage(t).script("map/lettering/lettering");

  assert.deepEqual(letters("Re\u0301al"), ["R", "e\u0301", "a", "l"]);
});
