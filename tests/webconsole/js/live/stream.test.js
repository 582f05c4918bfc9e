import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("what is heard after a clock was set is not heard in the future", async (t) => {
  // Else the board would call itself live for as long as the clock was set back.
  const page = openPage(t);
  const { StreamReader } = await page.script("live/stream");
  const { now } = await page.script("core/clock");
  t.mock.timers.enable({ apis: ["Date"] });
  let heardAt = null;
  const reader = new StreamReader({ handlers: { heard: (silentMs) => (heardAt = now() - silentMs) } });
  const tick = (aheadMs) => {
    const server_time = new Date(Date.now() + aheadMs).toISOString();
    reader.receive({ kind: "tick", data: { server_time } });
  };

  tick(0);
  tick(-20_000);

  assert.ok(Math.abs(heardAt - now()) < 1000);
});
