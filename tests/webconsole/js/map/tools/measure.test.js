import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

test("measuring does not wipe away what a form has marked", async (t) => {
  // The key, the tool and the command say why instead.
  const page = openPage(t);
  const store = await page.script("core/store");
  const { toggleMeasure } = await page.script("map/tools/measure");
  const area = { kind: "area", points: [[7.42, 43.73]], done: false };
  store.setMarking(area);

  toggleMeasure();
  assert.equal(store.state.marking, area);
  assert.match(document.getElementById("toasts").textContent, /First save or discard/);

  store.setMarking(null);
  toggleMeasure();
  assert.equal(store.state.marking.kind, "measure");
  toggleMeasure();
  assert.equal(store.state.marking, null);
});
