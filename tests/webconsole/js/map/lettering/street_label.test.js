// Names along streets: where letters stand, in which order, and where none do.
//
// A pen of 6 px a letter (12 px for a Chinese one) makes every number one that can be checked by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

const width = (text) => [...text].reduce((sum, each) => sum + (each > "\u2e80" ? 12 : 6), 0);
const scratch = { measureText: (text) => ({ width: width(text) }) };
const isNear = (actual, expected, within) => assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected} ± ${within}`);

/** What a canvas would draw, in order: each text with where it stands and how it is turned. */
function pen() {
  const drawn = [];
  const kept = [];
  let [x, y, angle] = [0, 0, 0];
  return {
    drawn,
    save: () => kept.push([x, y, angle]),
    restore: () => ([x, y, angle] = kept.pop()),
    translate: (dx, dy) => {
      x += dx;
      y += dy;
    },
    rotate: (by) => (angle += by),
    getTransform: () => ({ a: 1, b: 0, c: 0, d: 1, e: x, f: y }),
    setTransform: () => {},
    strokeText: () => {},
    fillText: (text) => drawn.push({ text, x, y, angle }),
  };
}

/** The labels of a street: what each draws, and the boxes that it keeps. */
async function labelsOf(t, points, name, options = {}) {
  const { StreetLabel } = await openPage(t).script("map/lettering/street_label");
  const symbol = new StreetLabel({ face: "10px x", size: 10, fill: "", halo: "", text: () => name, ...options });
  const labels = symbol.place({ scratch }, [points.map(([x, y]) => ({ x, y }))], {}) ?? [];
  return labels.map((label) => {
    const context = pen();
    label.draw(context);
    const { anchor } = label;
    return { drawn: context.drawn.map(({ text, x, y, angle }) => ({ text, x: x + anchor.x, y: y + anchor.y, angle })), boxes: label.bboxes };
  });
}

/** Points on a circle from its western end, over the north. */
function arc(radius, degrees) {
  return Array.from({ length: 60 }, (_, step) => {
    const angle = ((180 - (degrees * step) / 59) * Math.PI) / 180;
    return [radius * Math.cos(angle), -radius * Math.sin(angle)];
  });
}

test("a name on a straight street is set in one piece", async (t) => {
  // Ten letters, 60 px, in the middle of 200: centred on x = 100, not turned.
  const labels = await labelsOf(t, [[0, 0], [200, 0]], "Hill Lane.");

  assert.deepEqual(labels.map(({ drawn }) => drawn), [[{ text: "Hill Lane.", x: 100, y: 0, angle: 0 }]]);
});

test("names read from left to right, however the street was drawn", async (t) => {
  // A street drawn from east to west has no name upside down.
  const labels = await labelsOf(t, [[200, 0], [0, 0]], "Hill Lane.");

  assert.equal(labels.length, 1);
  assert.equal(labels[0].drawn[0].angle, 0);
});

test("letters follow a curve", async (t) => {
  // On a quarter circle of 120 px every letter stands on it, along it, in the order read.
  const radius = 120;
  const labels = await labelsOf(t, arc(radius, 90), "Crescent Row");
  assert.equal(labels.length, 1);
  const [{ drawn }] = labels;

  assert.deepEqual(drawn.map(({ text }) => text), [..."Crescent Row"]);
  for (const { x, y, angle } of drawn) {
    isNear(Math.hypot(x, y), radius, 0.2);
    // Along a circle over the north, the direction is at right angles to the radius.
    isNear(angle, Math.atan2(y, x) + Math.PI / 2, 0.05);
  }
  for (const [at, letter] of drawn.slice(1).entries()) {
    const before = drawn[at];
    assert.ok(letter.x > before.x);
    // Twelve letters of 6 px: about 6 px apart along the arc.
    isNear(Math.hypot(letter.x - before.x, letter.y - before.y), 6, 0.1);
  }
});

test("a label keeps the room it needs", async (t) => {
  // Every letter lies within one of the boxes that other names have to leave free.
  const labels = await labelsOf(t, arc(120, 90), "Crescent Row");
  assert.equal(labels.length, 1);
  const [{ drawn, boxes }] = labels;

  for (const { x, y } of drawn) {
    assert.ok(boxes.some(({ minX, maxX, minY, maxY }) => minX <= x && x <= maxX && minY <= y && y <= maxY));
  }
});

for (const [why, street] of [
  ["shorter than the name", [[0, 0], [50, 0]]],
  ["a hairpin", [[0, 0], [40, 0], [0, 6]]],
  ["too tight a curve", arc(14, 300)],
]) {
  test(`where a name does not fit there is none: ${why}`, async (t) => {
    // Rather no name than one nobody can read.
    assert.deepEqual(await labelsOf(t, street, "Hill Lane."), []);
  });
}

test("a bend is dodged along the street", async (t) => {
  // A corner in the very middle: the name moves to a straight half.
  const labels = await labelsOf(t, [[0, 0], [120, 0], [120, 120]], "Hill Lane.");

  assert.equal(labels.length, 1);
  const [{ drawn }] = labels;
  assert.equal(drawn.length, 1);
  assert.ok([0, Math.PI / 2].some((angle) => Math.abs(drawn[0].angle - angle) < 1e-6));
});

test("a long street is named again and again", async (t) => {
  // 2000 px at a name every 400: five times, 400 px apart.
  const labels = await labelsOf(t, [[0, 0], [2000, 0]], "Hill Lane.", { repeat: 340 });

  assert.deepEqual(labels.map(({ drawn }) => drawn[0].x), [200, 600, 1000, 1400, 1800]);
});

test("Chinese names stand upright on steep streets", async (t) => {
  // From the top down, no letter turned; along a flat street as any other name.
  const [steep, ...others] = await labelsOf(t, [[0, 200], [20, 0]], "解放路");
  const flat = await labelsOf(t, [[0, 0], [200, 20]], "解放路");

  assert.deepEqual(others, []);
  assert.deepEqual(steep.drawn.map(({ text }) => text), ["解", "放", "路"]);
  assert.deepEqual(steep.drawn.map(({ angle }) => angle), [0, 0, 0]);
  for (const [at, letter] of steep.drawn.slice(1).entries()) assert.ok(letter.y - steep.drawn[at].y > 9);
  assert.deepEqual(flat.map(({ drawn }) => drawn.map(({ text }) => text)), [["解放路"]]);
});
