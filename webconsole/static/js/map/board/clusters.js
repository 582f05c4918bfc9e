// Clusters of markers that would cover one another. Plain arithmetic on {x, y}: no map, no document.

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
  const grid = new Map();
  for (const point of points) {
    const key = `${column(point.x)},${column(point.y)}`;
    if (grid.has(key)) grid.get(key).push(point);
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
    for (let i = column(x) - 1; i <= column(x) + 1; i += 1) {
      for (let j = column(y) - 1; j <= column(y) + 1; j += 1) {
        for (const other of grid.get(`${i},${j}`) ?? []) {
          if (!taken.has(other) && Math.hypot(other.x - x, other.y - y) <= reach) found.push(other);
        }
      }
    }
    return found;
  }
}
