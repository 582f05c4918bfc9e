// How far an order got to its crew, in a word or two: delivered, rang, seen.
import { markLabel } from "../core/labels.js";

const REACHED = ["delivered", "rang", "seen"];
/** "rang", or by which way where it was not the crew's page: "rang (push)". */
export const markWord = ({ mark, channel }) => (channel === "page" ? markLabel(mark) : `${markLabel(mark)} (${channel})`);

/** What is known between the sending and the answer, in time. */
export const reachedMarks = (order) => (order.marks ?? []).filter(({ mark }) => REACHED.includes(mark));

/** The furthest of them while the crew has not answered; empty where nothing is known. */
export function furthestMark(order) {
  if (order.state !== "offered") return "";
  const reached = reachedMarks(order).sort((a, b) => REACHED.indexOf(a.mark) - REACHED.indexOf(b.mark)).at(-1);
  return reached ? markWord(reached) : "";
}
