import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("an SOS waits behind nothing, and all that is not sent is kept", async (t) => {
  const page = openPage(t);
  const { SafetyOutbox } = await page.script("safety/safety_outbox");
  const sent = [];
  let reached = false;
  globalThis.fetch = async (path) => {
    if (!reached) throw new TypeError("no network");
    sent.push(path);
    return new Response("{}", { status: 200, headers: { "Content-Type": "application/json" } });
  };
  const outbox = new SafetyOutbox(3, { changed: () => {}, refused: () => {} });
  outbox.add("check-in");
  outbox.add("sos", { lon: 7, lat: 43 });
  await new Promise((done) => setTimeout(done, 0));
  assert.equal(outbox.pending("sos").length, 1);
  assert.match(localStorage.getItem("nearcrew-safety-3"), /sos/);

  reached = true;
  outbox.flush();
  while (outbox.entries.length) await new Promise((done) => setTimeout(done, 5));
  assert.equal(sent[0], "/api/v1/crews/3/sos");
  assert.equal(sent.length, 2);
});
