import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("every window is told whether it makes the sounds", async (t) => {
  // One that made them under a former hub would go on beside the one chosen now.
  const page = openPage(t);
  globalThis.EventSource = class {
    addEventListener() {}

    close() {}
  };
  t.after(() => delete globalThis.EventSource);
  const { Hub, PROTOCOL } = await page.script("live/stream_hub");
  const hub = new Hub();
  const leads = { first: [], second: [] };
  for (const id of ["first", "second"]) {
    hub.receive(id, { kind: "join", protocol: PROTOCOL, lastId: 1 }, (message) => {
      if (message.kind === "lead") leads[id].push(message.lead);
    });
  }

  hub.leave("first");
  hub.leave("second");

  assert.deepEqual(leads, { first: [true], second: [false, true] });
});
