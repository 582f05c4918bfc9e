import "fake-indexeddb/auto";
import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarged } from "../../../../webconsole/static/js/kit/kept_tiles.js";
import { TileStore } from "../../../../webconsole/static/js/kit/tile_store.js";

const tile = (key, bytes = 100) => ({ key, packed: false, body: new Uint8Array(bytes) });

test("tiles outlive the page, but not their ground", async () => {
  const store = new TileStore();
  await store.use(1);
  assert.ok(await store.put([tile("15/1/1"), tile("15/1/2", 50)], 10));

  const again = new TileStore();
  await again.use(1);
  assert.deepEqual([again.count, again.bytes], [2, 150]);
  assert.equal((await again.read("15/1/2")).body.byteLength, 50);

  const other = new TileStore();
  await other.use(2);
  assert.equal(other.count, 0);
  assert.equal(await other.read("15/1/1"), null);
});

test("where space is short what was wanted longest ago goes, and nothing that is wanted now", async () => {
  const store = new TileStore();
  await store.use(3);
  await store.put([tile("15/1/1"), tile("15/1/2")], 10);
  await store.put([tile("15/1/3")], 20);
  store.want(["15/1/1"], 30);

  assert.equal(await store.dropOldest(150, new Set(["15/1/1"])), 2);

  assert.ok(store.has("15/1/1"));
  assert.equal(store.bytes, 100);
  assert.equal(await store.dropOldest(150, new Set(["15/1/1"])), 0);
});

test("a quarter of a coarser tile is drawn as the tile that is missing", () => {
  const point = (x, y) => ({ x, y, clone: () => point(x, y) });
  const line = (...places) => {
    const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
    return {
      props: { name: "street" }, geom: [places.map(([x, y]) => point(x, y))],
      bbox: { minX: Math.min(...xs), maxX: Math.max(...xs), minY: Math.min(...ys), maxY: Math.max(...ys) },
    };
  };
  const layers = new Map([["roads", [line([0, 0], [100, 100]), line([130, 10], [250, 20])]]]);

  // The upper right quarter of 15/4/6, of 256 to a side: x from 128 on, twice as large.
  const found = enlarged(layers, { z: 16, x: 9, y: 12 }, { z: 15, x: 4, y: 6 }, 256).get("roads");

  assert.deepEqual(found.map(({ geom, bbox }) => [geom[0].map(({ x, y }) => [x, y]), bbox]), [[[[4, 20], [244, 40]], { minX: 4, maxX: 244, minY: 20, maxY: 40 }]]);
});
