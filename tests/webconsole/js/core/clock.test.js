import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const YESTERDAY = new Date(Date.now() - 86_400_000).toUTCString();

/** How far the page's clock is from the device's after an answer with these headers, and whether it counts as known. */
async function clockAfter(t, headers) {
  const page = openPage(t);
  const { get } = await page.script("core/api");
  const { clockKnown, now } = await page.script("core/clock");
  page.answer("/ground", {}, { headers });

  await get("/ground");

  return { known: clockKnown(), offDays: Math.round((now() - Date.now()) / 86_400_000) };
}

test("the date of an answer that no cache keeps is the server's time until the stream tells it", async (t) => {
  const clock = await clockAfter(t, { Date: YESTERDAY, "Cache-Control": "no-store" });

  assert.deepEqual(clock, { known: true, offDays: -1 });
});

test("the date of an answer that the browser kept since yesterday says nothing of the present time", async (t) => {
  const clock = await clockAfter(t, { Date: YESTERDAY, "Cache-Control": "private, max-age=31536000, immutable" });

  assert.deepEqual(clock, { known: false, offDays: 0 });
});

test("the time in an answer that was kept in the phone says nothing of the present time", async (t) => {
  const page = openPage(t);
  const { loadClosures } = await page.script("live/loading");
  const { clockKnown, now } = await page.script("core/clock");
  page.answer("/closures", { closures: [], server_time: new Date(Date.now() - 86_400_000).toISOString() });

  await loadClosures();

  assert.deepEqual([clockKnown(), Math.round((now() - Date.now()) / 86_400_000)], [false, 0]);
});
