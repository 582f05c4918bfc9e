// Which tags of markers (names, numbers) fit without overlapping. Plain arithmetic: no map, no document.

const CELL = { width: 80, height: 20 }; // about one name: few cells to look into for each
const COLUMNS = 2 ** 25; // more than the world has at the nearest zoom

/**
 * Return where the tag of each mark stands that has room for it: a map from mark to {dx, dy}.
 *
 * `marks` have {wx, wy} in world coordinates, {rank, id}, a `tag` with {width, height} in pixels,
 * or none, and a `solid` {dx, dy, width, height} that no other mark's tag may cover, or none;
 * `scale`: pixels to a world unit. A tag stands at its {dx, dy}, or at the first of its `spots` that
 * is free. What ranks higher goes first, then the alarms, then the lower number: the same ones win
 * as long as nobody moves. A picked one is written even where there is no room.
 */
export function withRoom(marks, scale) {
  const taken = new Map();
  const boxAt = (mark, { dx, dy }, { width, height }) => {
    const [left, top] = [mark.wx * scale + dx, mark.wy * scale + dy];
    return { mark, left, top, right: left + width, bottom: top + height };
  };
  const take = (box, cells) => {
    for (const key of cells) {
      const others = taken.get(key);
      if (others) others.push(box);
      else taken.set(key, [box]);
    }
  };
  for (const mark of marks) {
    if (!mark.solid) continue;
    const box = boxAt(mark, mark.solid, mark.solid);
    take(box, cellsOf(box));
  }
  const named = marks.filter(({ tag }) => tag);
  named.sort((a, b) => b.rank - a.rank || Number(b.tag.alarm) - Number(a.tag.alarm) || a.id - b.id);
  const written = new Map();
  for (const mark of named) {
    const { tag } = mark;
    const spots = tag.spots ?? [tag];
    for (const [at, spot] of spots.entries()) {
      const box = boxAt(mark, spot, tag);
      const cells = cellsOf(box);
      const free = cells.every((key) => (taken.get(key) ?? []).every((other) => other.mark === mark || apart(box, other)));
      if (!free && !(tag.picked && at === spots.length - 1)) continue;
      take(box, cells);
      written.set(mark, free ? spot : spots[0]);
      break;
    }
  }
  return written;
}

const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;

function cellsOf({ left, top, right, bottom }) {
  const cells = [];
  for (let i = Math.floor(left / CELL.width); i <= Math.floor(right / CELL.width); i += 1) {
    for (let j = Math.floor(top / CELL.height); j <= Math.floor(bottom / CELL.height); j += 1) cells.push(i * COLUMNS + j);
  }
  return cells;
}
