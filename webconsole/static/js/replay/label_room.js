// Which names stand on the map of a replay: only as many as can be read, those at work first.
import { withRoom } from "../map/board/name_tags.js";

/**
 * Hide the labels that would lie over others.
 *
 * `labels` are {id, node, at, rank, centred}: `at` in pixels of the map; what ranks higher stays.
 * One whose rank is null is not shown at all. A `centred` one lies on its place, others as their
 * marker lays them.
 */
export function makeRoom(labels) {
  const marks = labels.filter(({ rank }) => rank !== null).map(({ id, node, at, rank, centred }) => ({ id, node, rank, wx: at.x, wy: at.y, tag: { ...sizeOf(node, centred), alarm: false } }));
  const roomy = new Set([...withRoom(marks, 1)].map(({ node }) => node));
  for (const { node } of labels) node.classList.toggle("no-room", !roomy.has(node));
}

/** Its size and where it lies from its place; measured once for each of its texts. */
function sizeOf(node, centred) {
  if (node.measured?.words !== node.textContent) {
    const { left, top, width, height } = node.getBoundingClientRect();
    const mark = node.parentElement.getBoundingClientRect();
    const corner = centred
      ? { dx: -width / 2, dy: -height / 2 }
      : { dx: left - mark.left - mark.width / 2, dy: top - mark.top - mark.height / 2 };
    node.measured = { words: node.textContent, size: { ...corner, width, height } };
  }
  return node.measured.size;
}
