import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";
import { vectors } from "../vectors.js";

const NO_LIMITS = { least: null, most: null, alarm_low: null, warn_low: null, warn_high: null, alarm_high: null };

test("numbers are read and judged as the server does", async (t) => {
  const { judge, readNumber, worst } = await openPage(t).script("forms/numbers");
  const { numbers, verdicts } = vectors("measured_numbers");

  assert.deepEqual(numbers.map(([typed]) => readNumber(typed)), numbers.map(([, number]) => number));
  assert.deepEqual(verdicts.map(([limits, number]) => judge({ ...NO_LIMITS, ...limits }, number)), verdicts.map(([, , verdict]) => verdict));
  assert.equal(worst(["ok", "alarm", "warn"]), "alarm");
  assert.equal(worst([]), "ok");
});
