// A simulation's trace, chosen from the disk.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const REPLAY = { about: { kind: "board" }, from: "2026-03-02T12:00:00Z", to: "2026-03-02T14:00:00Z", incidents: [], crews: [], events: [], decisions: [], photos: [] };
const TRACE = { format: "nearcrew-replay-1", simulated: true, rule: "batch", replay: REPLAY };

test("only a whole trace is played", async (t) => {
  const page = openPage(t);
  const { faultOf } = await page.script("replay/trace_file");

  assert.equal(faultOf(TRACE), null);
  for (const other of [null, [], "text", {}, { ...TRACE, format: "nearcrew-replay-2" }, REPLAY]) assert.match(faultOf(other), /no trace/);
  for (const part of [{ crews: null }, { events: undefined }, { about: null }, { to: REPLAY.from }]) {
    assert.match(faultOf({ ...TRACE, replay: { ...REPLAY, ...part } }), /not complete/);
  }
  assert.match(faultOf({ ...TRACE, replay: null }), /not complete/);
});
