import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const SHIFT = { day: "2026-11-07", from_time: "22:00", to_time: "06:00", name: "Night" };
const SWAP = { id: 3, crew_id: 1, with_crew_id: 2, crew_name: "Alpha", with_crew_name: "Bravo", shift: SHIFT, for_shift: null, asked_by: "ann", answered_by: null, decided_by: null, reason: "", decision_reason: "" };

const steps = async (t, swap, boot) => {
  const { SwapRow } = await openPage(t, { boot: { time_zone: "UTC", ...boot } }).script("shifts/swap_list");
  return [...new SwapRow({ ...SWAP, ...swap }, () => {}).node.querySelectorAll("button")].map(({ textContent }) => textContent);
};

test("a swap offers what the one at the page may do", async (t) => {
  assert.deepEqual(await steps(t, { state: "asked" }, { crew_id: 2 }), ["Agree", "Decline"]);
  assert.deepEqual(await steps(t, { state: "asked" }, { crew_id: 1 }), ["Ask no longer"]);
  assert.deepEqual(await steps(t, { state: "agreed" }, { may_approve: true }), ["Approve", "Refuse"]);
  assert.deepEqual(await steps(t, { state: "agreed" }, { crew_id: 9 }), []);
  assert.deepEqual(await steps(t, { state: "approved" }, { may_approve: true, may_plan: true }), []);
});

test("a swap says who gives what to whom", async (t) => {
  const { swapSentence } = await openPage(t, { boot: { time_zone: "UTC" } }).script("shifts/swap_list");

  assert.equal(swapSentence(SWAP), "Alpha gives Sat 7 Nov 22:00–06:00 Night to Bravo");
  assert.equal(swapSentence({ ...SWAP, for_shift: { ...SHIFT, day: "2026-11-08" } }), "Alpha gives Sat 7 Nov 22:00–06:00 Night to Bravo, for Sun 8 Nov 22:00–06:00 Night");
});

test("a gap says where, when, and how many are missing", async (t) => {
  const { gapSentence } = await openPage(t, { boot: { time_zone: "UTC", skills: [{ code: "gas", name_en: "Gas", name_zh: "燃气" }] } }).script("shifts/gap_list");
  const gap = { name: "Nights", area: "East", skill: "gas", begins_at: "2026-11-07T22:00:00Z", ends_at: "2026-11-08T06:00:00Z", have: 0, least: 1 };

  assert.equal(gapSentence(gap), "East · Gas · Sat 7 Nov 22:00 – Sun 8 Nov 06:00: nobody planned");
  assert.equal(gapSentence({ ...gap, area: null, skill: null, have: 1, least: 2 }), "Nights · Sat 7 Nov 22:00 – Sun 8 Nov 06:00: 1 of 2 planned");
});
