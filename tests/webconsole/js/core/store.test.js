import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("one panel that breaks silences no other", async (t) => {
  // What it threw is reported; who listens after it still hears, now and of the next topic.
  const page = openPage(t);
  const store = await page.script("core/store");
  const heard = [];
  store.on("crews", () => {
    throw new Error("a fault of ours");
  });
  store.on("crews", () => heard.push("crews"));
  store.on("closures", () => heard.push("closures"));

  store.touch("crews");
  store.touch("closures");
  await page.settle();

  assert.deepEqual(heard, ["crews", "closures"]);
  assert.deepEqual(page.faults, ["a fault of ours"]);
});
