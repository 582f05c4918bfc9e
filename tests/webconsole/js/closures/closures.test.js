import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("one closure is one change of the roads, however often it is heard of", async (t) => {
  // From the answer, the stream and the map: asked soon and once more, not six times.
  const page = openPage(t);
  const store = await page.script("core/store");
  const { roadsChanged } = await page.script("closures/closures");
  let changes = 0;
  store.on("roads", () => (changes += 1));
  t.mock.timers.enable({ apis: ["setTimeout"] });

  for (let times = 0; times < 3; times += 1) {
    roadsChanged();
    t.mock.timers.tick(100);
  }
  t.mock.timers.tick(1200);

  assert.equal(changes, 2);
});
