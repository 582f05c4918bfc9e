// The pins of incidents, drawn on canvas: the outline and colour of the head say how urgent, the disc
// in it how far (as in the lists), the plate beside it which one.
import { badgeShape } from "./shapes.js";

/** Outlines by priority in a box of 34 × 42 units; all end in the tip, which marks the place. */
const HEADS = {
  1: "M11.2 2h11.6L31 10.2v11.6L22.8 30h-1L17 41.5 12.2 30h-1L3 21.8V10.2z",
  2: "M17 .5 33 16 17 41.5 1 16z",
  3: "M17 41.5C11 32.5 4 24.6 4 16a13 13 0 0 1 26 0c0 8.6-7 16.5-13 25.5z",
  4: "M8 4.5h18a3 3 0 0 1 3 3v17a3 3 0 0 1-3 3h-4.5L17 41.5l-4.5-14H8a3 3 0 0 1-3-3v-17a3 3 0 0 1 3-3z",
};
export const BOX = { width: 34, height: 42 };
export const TIP = { x: 17, y: 41.5 };
/** The middle of the head, and of the disc in it. */
export const HEAD = { x: 17, y: 16, disc: 7.6 };
const MARGIN = 3;
const NUMBER = { px: 13, height: 18, pad: 5, gap: 15 };
const CARD = { height: 28, pad: 6, step: 3, margin: 5 };
const TURN = Math.PI * 2;
const outlines = new Map();

/** The outline of a priority's head; an unknown one looks like the least. */
export const headShape = (priority) => HEADS[priority] ?? HEADS[4];

function outline(d) {
  if (!outlines.has(d)) outlines.set(d, new Path2D(d));
  return outlines.get(d);
}

const scaleOf = ({ state, picked }) => (state === "resolved" && !picked ? 0.78 : 1);

/** How large a pin's bitmap is, and where it lies from the place. */
export function pinBox(pin) {
  const size = scaleOf(pin);
  return {
    width: (BOX.width + 2 * MARGIN) * size,
    height: (BOX.height + 2 * MARGIN) * size,
    dx: -(TIP.x + MARGIN) * size,
    dy: -(TIP.y + MARGIN) * size,
  };
}

/** The head of a priority with its rim, in its own box. */
function drawHead(pen, inks, priority, { edge = null, width = 1.5 } = {}) {
  const head = outline(headShape(priority));
  const { fill, rim } = inks.priority[priority] ?? inks.priority[4];
  pen.strokeStyle = inks.panel;
  pen.lineWidth = width + 2.5;
  pen.stroke(head);
  pen.fillStyle = fill;
  pen.fill(head);
  pen.strokeStyle = edge ?? rim;
  pen.lineWidth = width;
  pen.stroke(head);
}

/** A pin of an incident: {priority, state, picked}. Done ones are smaller unless they are picked. */
export function drawPin(pen, inks, pin) {
  const size = scaleOf(pin);
  pen.scale(size, size);
  pen.translate(MARGIN, MARGIN);
  drawHead(pen, inks, pin.priority, pin.picked ? { edge: inks.ink, width: 3 } : {});
  const { fill, ink } = inks.incident[pin.state] ?? inks.incident.closed;
  pen.translate(HEAD.x, HEAD.y);
  pen.beginPath();
  pen.arc(0, 0, HEAD.disc, 0, TURN);
  pen.fillStyle = fill;
  pen.fill();
  pen.strokeStyle = inks.panel;
  pen.lineWidth = 1.4;
  pen.stroke();
  pen.strokeStyle = ink;
  pen.lineWidth = 2;
  pen.lineCap = "round";
  pen.stroke(outline(badgeShape(pin.state)));
}

/** Where the plate with a number may stand, the best first, from the place. */
export function numberTag(number, width, { priority, loud = false, picked = false }) {
  const whole = Math.ceil(width) + 2 * NUMBER.pad;
  const dy = HEAD.y - TIP.y - NUMBER.height / 2;
  return {
    number,
    priority,
    loud,
    picked,
    alarm: loud,
    width: whole,
    height: NUMBER.height,
    spots: [
      { dx: NUMBER.gap, dy },
      { dx: -NUMBER.gap - whole, dy },
      { dx: -whole / 2, dy: -TIP.y - NUMBER.height - 1 },
      { dx: -whole / 2, dy: 3 },
    ],
  };
}

export const numberFont = (inks, dpr = 1) => `700 ${NUMBER.px * dpr}px ${inks.font}`;

/** Draw a number's plate with its upper left corner at (x, y), in the screen's own pixels. */
export function drawNumber(pen, inks, { number, priority, loud, picked, width, height }, { x, y, dpr }) {
  const colours = inks.priority[priority] ?? inks.priority[4];
  pen.beginPath();
  pen.roundRect(x, y, width * dpr, height * dpr, 3 * dpr);
  pen.fillStyle = loud ? colours.fill : inks.panel;
  pen.fill();
  pen.strokeStyle = picked ? inks.ink : loud ? inks.panel : inks["line-strong"];
  pen.lineWidth = (picked ? 2 : 1) * dpr;
  pen.stroke();
  pen.font = numberFont(inks, dpr);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = loud ? colours.ink : inks.ink;
  pen.fillText(number, x + (width * dpr) / 2, y + (height / 2 + 0.5) * dpr);
}

const cardWidth = (count) => 2 * CARD.pad + 20 + 9 * String(count).length;

/** How large the card of many incidents is, and where it lies from their middle. */
export function cardBox({ count }) {
  const [width, height] = [cardWidth(count) + CARD.step, CARD.height + CARD.step];
  return {
    width: width + 2 * CARD.margin,
    height: height + 2 * CARD.margin,
    dx: -width / 2 - CARD.margin,
    dy: -height / 2 - CARD.margin,
  };
}

/**
 * Many incidents: a stack of dark cards, square where all else has a tip or is round, with the head
 * of the most urgent among them and how many they are. `loud`: an emergency waits for a crew.
 */
export function drawCard(pen, inks, { count, worst, loud }) {
  const width = cardWidth(count);
  pen.translate(CARD.margin, CARD.margin);
  for (const off of [CARD.step, 0]) {
    pen.beginPath();
    pen.roundRect(off, off, width, CARD.height, 3);
    pen.strokeStyle = inks.panel;
    pen.lineWidth = loud ? 6 : 3;
    pen.stroke();
    if (loud) {
      pen.strokeStyle = inks.alarm;
      pen.lineWidth = 3;
      pen.stroke();
    }
    pen.fillStyle = inks.ink;
    pen.fill();
  }
  pen.save();
  pen.translate(CARD.pad - 1, 3.5);
  pen.scale(0.52, 0.52);
  drawHead(pen, inks, worst, { width: 1 });
  pen.restore();
  pen.font = `700 15px ${inks.font}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillStyle = inks.panel;
  pen.fillText(String(count), (CARD.pad + 17 + width) / 2, CARD.height / 2 + 0.5);
}
