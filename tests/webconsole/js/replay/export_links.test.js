// The replay page's links to its files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

/** A page with both links; `press` says whether the page kept the click from the browser. */
async function openLinks(t) {
  const page = openPage(t);
  const { offerExports } = await page.script("replay/export_links");
  const node = document.createElement("div");
  offerExports(node, "/exports/crews/7", new URLSearchParams({ from: "a", to: "b" }));
  const [gpx, geojson] = node.querySelectorAll("a");
  const press = async (link, keys = {}) => {
    const prevented = fire(link, "click", keys);
    await page.settle();
    return prevented;
  };
  return { page, gpx, geojson, press, error: () => node.querySelector(".form-error").textContent };
}

test("a refused export says why on the page", async (t) => {
  // The browser's own list of downloads would only say that it failed.
  const { page, gpx, geojson, press, error } = await openLinks(t);
  const errors = [{ field: "from", message: "choose a shorter period" }];

  page.answer("/exports", { detail: "One value cannot be used.", errors }, { status: 422 });
  await press(gpx);
  assert.equal(error(), "One value cannot be used. choose a shorter period");

  page.answer("/exports", null, { offline: true });
  await press(geojson);
  assert.match(error(), /^The server did not answer\./);
  assert.deepEqual(page.requests(), ["gpx", "geojson"].map((format) => `GET /exports/crews/7?format=${format}&from=a&to=b`));
  assert.equal(gpx.getAttribute("aria-busy"), null);
});

test("a link pressed twice asks once, and one for another window is left to the browser", async (t) => {
  // A long file is not made twice for an impatient hand.
  const { page, gpx, geojson, press } = await openLinks(t);
  page.answer("/exports", () => new Promise(() => {}));

  const taken = [await press(gpx), await press(gpx), await press(geojson, { ctrlKey: true })];

  assert.deepEqual(taken, [true, true, false]);
  assert.equal(page.asked.length, 1);
});
