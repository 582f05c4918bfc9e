// The one marker board of a map, with pointer and keyboard attached.
import { BoardPointer } from "./board_pointer.js";
import { MarkCursor } from "./mark_cursor.js";
import { MarkerBoard } from "./marker_board.js";

/** The map's board, made for whoever asks first. */
export function boardOf(map) {
  const node = map.getContainer();
  if (node.board) return node.board;
  // Found by the element, as a list's rows are: whoever has the map has what stands on it.
  node.board = new MarkerBoard(map);
  new BoardPointer(map, node.board);
  new MarkCursor(map, node.board);
  return node.board;
}
