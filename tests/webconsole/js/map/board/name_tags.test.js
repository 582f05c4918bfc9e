import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";
import { uniform } from "../../random.js";

/** Eighty marks at random, most with a name; a fifth of these are alarms. */
function someMarks(random) {
  const oneOf = (values) => values[Math.floor(random() * values.length)];
  return Array.from({ length: 80 }, (_, id) => {
    const width = oneOf([0, 40, 60, 130]);
    const tag = width ? { dx: -30, dy: 12, width, height: 15, alarm: random() < 0.2 } : null;
    return { id, rank: oneOf([0, 1, 2]), wx: random(), wy: random(), tag };
  });
}

/** Whether two names would be written over one another. */
function overlap(one, other, scale) {
  const corner = ({ wx, wy, tag }) => [wx * scale + tag.dx, wy * scale + tag.dy];
  const [[left, top], [left2, top2]] = [corner(one), corner(other)];
  return left < left2 + other.tag.width && left2 < left + one.tag.width && top < top2 + other.tag.height && top2 < top + one.tag.height;
}

const byId = (a, b) => a - b;

test("names that are written never overlap, and none is left out for nothing", async (t) => {
  // What ranks higher is named first, alarms before others of their rank.
  const { withRoom } = await openPage(t).script("map/board/name_tags");
  const random = uniform(6);

  for (const scale of [60, 400, 3000]) {
    const marks = someMarks(random);
    const named = marks.filter(({ tag }) => tag);
    const inOrder = [...named].sort((a, b) => b.rank - a.rank || Number(b.tag.alarm) - Number(a.tag.alarm) || a.id - b.id);
    const expected = [];
    for (const mark of inOrder) if (!expected.some((other) => overlap(mark, other, scale))) expected.push(mark);

    const written = [...withRoom(marks, scale).keys()].map(({ id }) => id);

    assert.ok(written.length > 0);
    assert.deepEqual([...written].sort(byId), expected.map(({ id }) => id).sort(byId));
    const chosen = named.filter(({ id }) => written.includes(id));
    for (const [at, one] of chosen.entries()) for (const other of chosen.slice(at + 1)) assert.ok(!overlap(one, other, scale));
  }
});
