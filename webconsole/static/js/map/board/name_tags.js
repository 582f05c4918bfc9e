// Which name tags of markers fit without overlapping. Plain arithmetic: no map, no document.

const CELL = { width: 80, height: 16 }; // about one name: few cells to look into for each

/**
 * Return the marks whose name overlaps no name that goes before it.
 *
 * `marks` have {wx, wy} in world coordinates, {rank, id} and a `tag` with {dx, dy, width, height}
 * in pixels, or none; `scale`: pixels to a world unit. What ranks higher goes first, then the
 * alarms, then the lower number: the same ones win as long as nobody moves.
 */
export function withRoom(marks, scale) {
  const named = marks.filter(({ tag }) => tag);
  named.sort((a, b) => b.rank - a.rank || Number(b.tag.alarm) - Number(a.tag.alarm) || a.id - b.id);
  const taken = new Map();
  return new Set(named.filter((mark) => {
    const left = mark.wx * scale + mark.tag.dx;
    const top = mark.wy * scale + mark.tag.dy;
    const box = { left, top, right: left + mark.tag.width, bottom: top + mark.tag.height };
    const cells = cellsOf(box);
    const free = cells.every((key) => (taken.get(key) ?? []).every((other) => apart(box, other)));
    if (free) for (const key of cells) taken.set(key, [...(taken.get(key) ?? []), box]);
    return free;
  }));
}

const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

function cellsOf({ left, top, right, bottom }) {
  const cells = [];
  for (let i = Math.floor(left / CELL.width); i <= Math.floor(right / CELL.width); i += 1) {
    for (let j = Math.floor(top / CELL.height); j <= Math.floor(bottom / CELL.height); j += 1) cells.push(`${i},${j}`);
  }
  return cells;
}
