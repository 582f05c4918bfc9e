import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const way = (fields) => ({ channel: "gateway", works: null, failure: null, last_test: null, last_real: null, ...fields });

test("a way works only once it has reached somebody, and what was handed over is not confirmed yet", async (t) => {
  const page = openPage(t);
  const { standing, standingLabel } = await page.script("deliveries/channel_labels");

  assert.equal(standing(way({})), "untried");
  assert.equal(standing(way({ last_test: { state: "sent" } })), "unconfirmed");
  assert.equal(standing(way({ works: true, last_test: { state: "queued" } })), "works");
  assert.equal(standing(way({ works: false, failure: "timed_out" })), "failed");
  assert.equal(standingLabel(way({ works: false, failure: "timed_out" })), "failed: no answer in time");
  assert.equal(standing(way({ channel: "page", works: false })), "closed");
  assert.equal(standing(way({ channel: "page", works: true, last_test: { state: "queued" } })), "waiting");
});

test("of crews on duty those are told with their page closed that another way has reached", async (t) => {
  const page = openPage(t);
  const { reachedOutside } = await page.script("deliveries/channel_labels");
  const crew = (duty, ...channels) => ({ duty, channels });
  const crews = [
    crew("on_duty", way({ channel: "page", works: true })),
    crew("on_duty", way({ channel: "page", works: false }), way({ works: true })),
    crew("off_duty", way({ works: true })),
  ];

  assert.deepEqual(reachedOutside(crews), { told: 1, of: 2 });
});

test("a test ring takes the screen until it is confirmed, but not of a crew that drives", async (t) => {
  const page = openPage(t);
  const { TestRing } = await page.script("deliveries/test_ring");
  page.answer("/deliveries/7/confirm", {});
  let drives = true;
  const { part } = new TestRing({ changed: () => {}, driving: () => drives });
  part.heard({ kind: "assignment.offered", at: "2026-01-31T08:00:00Z", data: {} });
  assert.equal(part.screen(), null);
  part.heard({ kind: "crew.test_rung", at: "2026-01-31T08:00:00Z", data: { page_delivery_id: 7 } });

  assert.equal(part.screen(), null);
  drives = false;
  assert.equal(part.screen().key, "7");
  part.screen().node().querySelector("button.go").click();
  assert.equal(part.screen(), null);
  assert.deepEqual(page.requests(), ["POST /deliveries/7/confirm"]);
});
