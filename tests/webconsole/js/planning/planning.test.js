import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const HEAD = "name,lon,lat\n";

test("of questions that wait only the newest is put, and answers keep their order", async (t) => {
  const { latestWins } = await openPage(t).script("planning/latest_wins");
  const put = [];
  const answered = [];
  const waiting = [];
  const ask = latestWins((what) => {
    put.push(what);
    return new Promise((resolve) => waiting.push(resolve));
  }, { answered: (answer, what) => answered.push([answer, what]), failed: assert.fail });

  for (const what of [1, 2, 3]) ask(what);
  const whileOneRuns = [...put];
  waiting.shift()("one");
  await new Promise(setImmediate);
  waiting.shift()("three");
  await new Promise(setImmediate);

  assert.deepEqual(whileOneRuns, [1]);
  assert.deepEqual(put, [1, 3]);
  assert.deepEqual(answered, [["one", 1], ["three", 3]]);
});

test("a question that failed is told only if no newer one waits, and the next is put all the same", async (t) => {
  const { latestWins } = await openPage(t).script("planning/latest_wins");
  const failed = [];
  const answered = [];
  const ask = latestWins(async (what) => {
    if (what < 3) throw new Error(String(what));
    return what;
  }, { answered: (answer) => answered.push(answer), failed: (error) => failed.push(error.message) });

  ask(1);
  ask(2);
  await new Promise(setImmediate);
  ask(3);
  await new Promise(setImmediate);

  assert.deepEqual(failed, ["2"]);
  assert.deepEqual(answered, [3]);
});

test("bits are unpacked from the highest, and two variants differ point by point", async (t) => {
  const { differences, unpackBits } = await openPage(t).script("planning/reached_bits");

  const before = unpackBits(Buffer.from([0b10100000, 0b10000000]).toString("base64"), 9);
  const after = unpackBits(Buffer.from([0b11000000, 0b10000000]).toString("base64"), 9);

  assert.deepEqual([...before], [1, 0, 1, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual(differences(before, after), { gained: [1], lost: [2] });
});

test("points are read from tables of either separator and from GeoJSON", async (t) => {
  const { readPoints } = await openPage(t).script("planning/points_file");
  const features = [{ type: "Feature", properties: { name: "B" }, geometry: { type: "Point", coordinates: [7.5, 43.8] } }];

  assert.deepEqual(readPoints("a.csv", `\uFEFF${HEAD}"Dépôt, ""nord""",7.4,43.7\r\n\r\nB,7.5,43.8\n`, 9), [
    { name: 'Dépôt, "nord"', lon: 7.4, lat: 43.7 },
    { name: "B", lon: 7.5, lat: 43.8 },
  ]);
  assert.deepEqual(readPoints("a.csv", "纬度;经度\n43.7;7.4", 9), [{ name: "", lon: 7.4, lat: 43.7 }]);
  assert.deepEqual(readPoints("a.geojson", JSON.stringify({ type: "FeatureCollection", features }), 9), [{ name: "B", lon: 7.5, lat: 43.8 }]);
});

for (const [name, text, said] of [
  ["a.csv", "name,east,north\nA,1,2", "The first line must name the columns lon and lat."],
  ["a.csv", `${HEAD}A,7.4,43.7\nB,,43.7`, "Row 3: longitude and latitude must be numbers."],
  ["a.csv", `${HEAD}A,43.7,97.4`, "Row 2: 43.7, 97.4 is no place in degrees, longitude first."],
  ["a.csv", HEAD, "The file has no points."],
  ["a.csv", `${HEAD}${"A,7.4,43.7\n".repeat(4)}`, "The file has 4 points; a plan has 3 at most."],
  ["a.json", "{", "The file is not valid JSON."],
  ["a.json", "[]", "The file is no GeoJSON FeatureCollection."],
  ["a.geojson", '{"features": [{"geometry": {"type": "Polygon"}}]}', "Feature 1 is no point."],
  ["a.geojson", '{"crs": {"properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}, "features": []}', "The file's coordinates are in urn:ogc:def:crs:EPSG::3857; WGS 84 (EPSG:4326) is needed."],
]) {
  test(`what a file lacks is said: ${said}`, async (t) => {
    const { UnreadableFileError, readPoints } = await openPage(t).script("planning/points_file");

    assert.throws(() => readPoints(name, text, 3), (error) => error instanceof UnreadableFileError && error.message === said);
  });
}

test("a plan differs from what was kept until it is kept, and names alone ask nothing", async (t) => {
  const { Plan } = await openPage(t).script("planning/plan_state");
  const plan = new Plan({ minutes: 10 });
  const told = [];
  plan.on((what) => told.push(what));

  const { id } = plan.add([{ lon: 1, lat: 2 }, { name: "B", lon: 3, lat: 4 }]);
  plan.move(id, 5, 6);
  plan.rename(id, "C");
  const before = plan.changed;
  plan.keep({ id: 7, version: 1, name: "Winter" });

  assert.deepEqual(told, ["posts", "place", "names", "names"]);
  assert.deepEqual(plan.told().posts, [{ name: "", lon: 1, lat: 2 }, { name: "C", lon: 5, lat: 6 }]);
  assert.deepEqual([before, plan.changed], [true, false]);
});

test("differences are in percentage points, with their sign", async (t) => {
  const { difference } = await openPage(t, { boot: { planning: {} } }).script("planning/cover_panel");

  assert.deepEqual([difference(74.4, 62.3), difference(10, 12.5), difference(5, 5)], ["+12.1", "−2.5", "±0.0"]);
});
