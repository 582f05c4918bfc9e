import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

test("features are sorted into what is painted together", async (t) => {
  // None is lost, none is twice, and the order within a pile is the tile's.
  const { sorted } = await openPage(t).script("map/base/tile_sorting");
  const roads = [
    { class: "primary", bridge: true, n: 1 },
    { class: "residential", n: 2 },
    { class: "secondary", bridge: true, n: 3 },
    { class: "path", tunnel: true, n: 4 },
    { class: "something new", n: 5 },
    { class: "trunk", bridge: true, level: 2, n: 6 },
    { class: "trunk", bridge: true, level: 5, n: 7 },
  ];

  const piles = sorted(new Map([["roads", roads.map((props) => ({ props }))]]));

  assert.deepEqual(Object.fromEntries([...piles].map(([name, features]) => [name, features.map(({ props }) => props.n)])), {
    roads: [1, 2, 3, 4, 5, 6, 7],
    "roads/bridge/major": [1, 3],
    "roads/ground/street": [2, 5],
    "roads/tunnel/path": [4],
    "roads/bridge2/trunk": [6],
    "roads/bridge3/trunk": [7],
  });
});

for (const [failures, expected] of [[2, "tile"], [99, "gave up"]]) {
  test(`a tile that failed ${failures} times is asked for again: ${expected}`, async (t) => {
    // A server that starts again leaves no white squares; one that stays away is left alone.
    const page = openPage(t);
    const { sortTilesOf } = await page.script("map/base/tile_sorting");
    let [left, asked] = [failures, 0];
    const source = {
      get: async () => {
        asked += 1;
        left -= 1;
        if (left >= 0) throw new Error("503");
        return new Map([["roads", []]]);
      },
    };
    const view = { tileCache: { source } };
    sortTilesOf(view, 1);
    t.mock.timers.enable({ apis: ["setTimeout"] });

    let outcome = "waiting";
    view.tileCache.source.get({}, 512).then(() => (outcome = "tile"), () => (outcome = "gave up"));
    for (let tries = 0; tries < 10; tries += 1) {
      await page.settle();
      t.mock.timers.tick(60_000);
    }

    assert.equal(outcome, expected);
    assert.equal(asked, Math.min(failures, 6) + 1);
  });
}
