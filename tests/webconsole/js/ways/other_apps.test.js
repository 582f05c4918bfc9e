import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";
import { vectors } from "../vectors.js";

const WORDS = { here: "My position", there: "Incident" };
const hrefs = (links) => Object.fromEntries(links.map(({ app, href }) => [app, href]));
/** [lat, lon] as numbers of the first pair in a text. */
const pair = (text) => /(-?\d+\.\d+),(-?\d+\.\d+)/.exec(text).slice(1).map(Number);
const near = ([a, b], [c, d]) => assert.ok(Math.abs(a - c) < 1e-6 && Math.abs(b - d) < 1e-6, `${a},${b} is not ${c},${d}`);

test("each app in China is given a place in the datum that it draws", async (t) => {
  const { linksTo } = await openPage(t).script("ways/other_apps");

  for (const { at: [lon, lat], gcj02: [gcj02], bd09: [bd09] } of vectors("shifted_places")) {
    const found = hrefs(linksTo({ lon, lat, label: "人民路 12 号, 3 单元 & (后门)" }, null, WORDS));

    near(pair(found.geo), [lat, lon]);
    for (const app of ["google", "apple"]) near(pair(decodeURIComponent(found[app])), [gcj02[1], gcj02[0]]);
    near(pair(decodeURIComponent(found.amap)), gcj02);
    near(pair(decodeURIComponent(found.baidu)), [bd09[1], bd09[0]]);
  }
});

test("outside China nothing is shifted but for Baidu, which has a datum of its own everywhere", async (t) => {
  const page = openPage(t);
  const { linksTo } = await page.script("ways/other_apps");
  const { fromWgs84 } = await page.script("crs/datum");
  const found = hrefs(linksTo({ lon: 7.4197, lat: 43.7311, label: "Place d'Armes" }, { lon: 7.42, lat: 43.73 }, WORDS));

  for (const app of ["geo", "google", "apple"]) near(pair(decodeURIComponent(found[app])), [43.7311, 7.4197]);
  near(pair(decodeURIComponent(found.amap)), [7.4197, 43.7311]);
  const destination = new URL(found.baidu).searchParams.get("destination");
  near(pair(destination), fromWgs84(7.4197, 43.7311, "bd09").reverse());
});

test("an address is handed on whole, whatever is in it", async (t) => {
  // What would end a parameter, a bracket or a list is encoded or left out: it must not become one.
  const { linksTo } = await openPage(t).script("ways/other_apps");
  const label = "A&B=C#D?E (F), G|H 人民路";
  const found = hrefs(linksTo({ lon: 116.397, lat: 39.908, label }, { lon: 116.39, lat: 39.9 }, WORDS));

  for (const href of Object.values(found)) assert.ok(!/[\s人#]/.test(href), href);
  assert.equal(new URL(found.apple).searchParams.get("q"), label);
  assert.equal(new URL(found.amap).searchParams.get("to").split(",").length, 3);
  const { searchParams } = new URL(found.baidu);
  assert.match(searchParams.get("destination"), /^latlng:[\d.]+,[\d.]+\|name:A&B=C#D\?E \(F\), G H 人民路$/);
  assert.match(searchParams.get("origin"), /\|name:My position$/);
  assert.equal(searchParams.get("coord_type"), "bd09ll");
  assert.equal(decodeURIComponent(found.geo).match(/\(([^()]*)\)$/)[1], "A&B=C#D?E  F , G|H 人民路");
});
