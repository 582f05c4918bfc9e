import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_OF_ONE_ARCHIVE, MOST_TILES, archivesOf, planTiles, tileAt } from "../../../../webconsole/static/js/kit/tile_plan.js";
import { BrokenArchive, readArchive } from "../../../../webconsole/static/js/kit/tile_archive.js";

const MONACO = [7.3, 43.69, 7.52, 43.78];
const PORT = { lon: 7.4215, lat: 43.7352 };
const zooms = (keys) => [...new Set(keys.map((key) => Number(key.split("/")[0])))].sort((a, b) => a - b);

test("a place lies on the tile that web maps have there", () => {
  assert.deepEqual(tileAt({ lon: 0, lat: 0 }, 1), [1, 1]);
  assert.deepEqual(tileAt({ lon: -180, lat: 85.06 }, 10), [0, 0]);
  assert.deepEqual(tileAt({ lon: 180, lat: -85.06 }, 10), [1023, 1023]);
  // (7.4215 + 180) / 360 * 2^15 = 17059.5
  assert.equal(tileAt(PORT, 15)[0], 17059);
});

test("around an order everything is kept: nearest zooms at the place itself, coarser ones for 5 km", () => {
  const keys = planTiles({ bounds: MONACO, targets: [PORT] });
  const of = (z) => keys.filter((key) => key.startsWith(`${z}/`)).length;

  assert.deepEqual(zooms(keys), [10, 11, 12, 13, 14, 15, 16]);
  assert.ok(keys[0].startsWith("16/"), "what is needed most goes first");
  // 1.4 km across; a tile of zoom 16 is 611.5 m * cos(43.7°) = 442 m: 4 or 5 of them
  assert.ok(of(16) >= 16 && of(16) <= 25, of(16));
  // 10 km across, tiles of 884 m: 12 or 13 of them, less what lies beyond the ground
  assert.ok(of(15) >= 121 && of(15) <= 169, of(15));
  assert.ok(keys.length < 300, keys.length);
});

test("along the way the nearest zoom is kept without gaps, and nothing beyond the ground is asked for", () => {
  const line = [[7.4215, 43.7352], [7.46, 43.75]]; // one straight piece of 3.5 km
  const keys = new Set(planTiles({ bounds: MONACO, targets: [], lines: [line] }));

  for (let step = 0; step <= 100; step += 1) {
    const [lon, lat] = [0, 1].map((axis) => line[0][axis] + ((line[1][axis] - line[0][axis]) * step) / 100);
    assert.ok(keys.has(`16/${tileAt({ lon, lat }, 16).join("/")}`), `${step} % of the way`);
  }
  const beyond = planTiles({ bounds: [7.42, 43.73, 7.43, 43.74], targets: [PORT] }).filter((key) => key.startsWith("15/"));
  // 0.01° wide and high: over at most 2 columns (0.011° each) and 3 rows (0.0079° each)
  assert.ok(beyond.length <= 6, beyond);
});

test("a plan ends somewhere, and what is farthest from the present order is what it lacks", () => {
  const targets = Array.from({ length: 40 }, (_, index) => ({ lon: 7 + index / 5, lat: 43.7 }));
  const keys = planTiles({ bounds: [-10, 30, 30, 60], targets });

  assert.equal(keys.length, MOST_TILES);
  assert.ok(keys.includes(`16/${tileAt(targets[0], 16).join("/")}`));
});

test("tiles are asked for in runs, some of them in each archive", () => {
  assert.deepEqual(archivesOf(["15/2/9", "15/2/7", "16/1/1", "15/2/8", "15/3/8"]), ["15/2/7-9,15/3/8,16/1/1"]);
  assert.deepEqual(archivesOf([]), []);
  const many = Array.from({ length: MOST_OF_ONE_ARCHIVE + 1 }, (_, index) => `15/2/${index}`);
  assert.deepEqual(archivesOf(many), [`15/2/0-${MOST_OF_ONE_ARCHIVE - 1}`, `15/2/${MOST_OF_ONE_ARCHIVE}`]);
});

test("an archive is read as it was packed, and one that was cut off is not taken", () => {
  // "NCT1", ground 7; 15/300/200, packed, 3 bytes; 16/1/2, plain, none
  const bytes = Uint8Array.from([
    0x4e, 0x43, 0x54, 0x31, 0, 0, 0, 0, 0, 0, 0, 7,
    15, 0, 0, 1, 44, 0, 0, 0, 200, 1, 0, 0, 0, 3, 9, 8, 7,
    16, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0,
  ]);

  const { groundId, tiles } = readArchive(bytes.buffer);

  assert.equal(groundId, 7);
  assert.deepEqual(tiles.map(({ key, packed, body }) => [key, packed, [...body]]), [["15/300/200", true, [9, 8, 7]], ["16/1/2", false, []]]);
  for (const cut of [3, 11, 20, 28]) assert.throws(() => readArchive(bytes.slice(0, cut).buffer), BrokenArchive, String(cut));
});
