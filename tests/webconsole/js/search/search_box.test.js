import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

test("a search that was emptied is not busy any more", async (t) => {
  // Readers aloud would wait for it.
  const page = openPage(t);
  const { SearchBox } = await page.script("search/search_box");
  const node = document.createElement("div");
  const box = new SearchBox(node, { centre: () => null });
  page.answer("/search", () => new Promise(() => {}));
  const type = (text) => {
    box.input.value = text;
    fire(box.input, "input");
  };
  t.mock.timers.enable({ apis: ["setTimeout"] });

  type("Rue");
  t.mock.timers.tick(200);
  assert.equal(node.getAttribute("aria-busy"), "true");

  type("");
  assert.equal(node.getAttribute("aria-busy"), null);
});
