// Clusters of markers that would cover one another. Plain arithmetic on {x, y}: no map, no document.

const COLUMNS = 2 ** 25; // more than the world has at the nearest zoom
const NOBODY = [];

/**
 * Group points that lie within `reach` of one of them, if there are at least `least`.
 *
 * The points are taken in their own order, which must not depend on where they are: then a
 * group stays itself while its members move. Every point is in exactly one group or alone; a
 * point is never further than `reach` from the first of its group. Neighbours are looked up in
 * a grid of `reach`, so that a thousand points cost a thousand short looks.
 *
 * Returns {alone: [point…], groups: [{members, x, y}…]}; x and y are the middle of the members.
 */
export function clustered(points, { reach, least }) {
  const column = (value) => Math.floor(value / reach);
  const grid = new Map(); // by one number: a text for each of five thousand points would be felt
  for (const point of points) {
    const key = column(point.x) * COLUMNS + column(point.y);
    const cell = grid.get(key);
    if (cell) cell.push(point);
    else grid.set(key, [point]);
  }
  const taken = new Set();
  const alone = [];
  const groups = [];
  for (const point of points) {
    if (taken.has(point)) continue;
    const members = near(point);
    if (members.length < least) {
      taken.add(point);
      alone.push(point);
      continue;
    }
    for (const member of members) taken.add(member);
    const middle = (axis) => members.reduce((sum, member) => sum + member[axis], 0) / members.length;
    groups.push({ members, x: middle("x"), y: middle("y") });
  }
  return { alone, groups };

  function near({ x, y }) {
    const found = [];
    const [left, top] = [column(x), column(y)];
    for (let i = left - 1; i <= left + 1; i += 1) {
      for (let j = top - 1; j <= top + 1; j += 1) {
        for (const other of grid.get(i * COLUMNS + j) ?? NOBODY) {
          const [across, down] = [other.x - x, other.y - y];
          if (across * across + down * down <= reach * reach && !taken.has(other)) found.push(other);
        }
      }
    }
    return found;
  }
}
