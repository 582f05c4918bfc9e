import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const labels = (t, boot = {}) => openPage(t, { boot: { time_zone: "Europe/Paris", ...boot } }).script("shifts/shift_labels");

test("days are counted over the end of a month, a year, and a change of clocks", async (t) => {
  const { addDays, mondayOf, weekdayOf } = await labels(t);

  assert.equal(addDays("2026-12-31", 1), "2027-01-01");
  assert.equal(addDays("2026-03-28", 2), "2026-03-30"); // over the short night in Paris
  assert.equal(weekdayOf("2026-11-29"), 6);
  assert.equal(mondayOf("2026-11-29"), "2026-11-23");
  assert.equal(mondayOf("2026-11-30"), "2026-11-30");
});

test("instants are told by the clock at the desk, whatever the browser's", async (t) => {
  const { wallLabel } = await labels(t);

  assert.equal(wallLabel("2026-11-06T21:00:00Z"), "Fri 6 Nov 22:00");
  assert.equal(wallLabel("2026-10-24T22:30:00Z"), "Sun 25 Oct 00:30");
});

test("days are told in the page's language", async (t) => {
  const { dayLabel } = await labels(t, { locale: "zh" });

  assert.match(dayLabel("2026-11-07"), /^11月7日/);
});

test("hours say on which days they hold, where not on all", async (t) => {
  const { hoursLabel } = await labels(t);

  assert.equal(hoursLabel({ from_time: "20:00", to_time: "08:00", weekdays: [], days: "any" }), "20:00–08:00");
  assert.equal(hoursLabel({ from_time: "20:00", to_time: "08:00", weekdays: [4, 5], days: "workdays" }), "20:00–08:00 · Fri, Sat · workdays");
});
