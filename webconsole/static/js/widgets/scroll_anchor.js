// Keeps the row under the pointer in place while a hand aims at it. Whatever is added, removed or
// grows elsewhere in a scrolled panel, that row stays where it is on the screen: a click that is
// about to happen lands where it was aimed. Once the hand rests, everything takes its place, and a
// click that would land on another row than the one it was aimed at is dropped.
import { emit } from "../core/store.js";

const MOVES = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["hidden", "class", "aria-expanded"] };
const WHEEL_MS = 200; // while the hand scrolls, the content may move
const SURPRISE_MS = 500; // nobody reacts faster to what has just come under the pointer

/** How long after its last move a hand may still be about to press. */
export const AIM_MS = 1200;

const places = new WeakMap();

// Where the hand was last, on any panel. A panel that appears under a pointer that lies still is told
// that the pointer enters: nobody aims at that.
let hand = null;
const noteHand = ({ clientX: x, clientY: y }) => (hand = { x, y });
for (const name of ["pointermove", "pointerdown"]) window.addEventListener(name, noteHand, { capture: true, passive: true });

/** Whether a hand may be about to click in the scrolling panel that a node stands in. */
export const aimingIn = (node) => places.get(node.closest(".scroll"))?.aiming() ?? false;

/**
 * Hold what is under the pointer in a scrolling element. Returns {aiming(), toTop(), stop()}; the
 * topic "rested" is told when the hand rests or leaves, and lists may take their order.
 */
export function keepPlace(scroller) {
  let anchor = null;
  let top = 0;
  let at = null;
  let pressed = false;
  let dropped = false;
  let movedMs = -Infinity;
  let wheelMs = -Infinity;
  let surprisedMs = -Infinity;
  let timer = null;
  const room = { top: 0, bottom: 0 };
  scroller.style.overflowAnchor = "none"; // the browser holds what is at the upper edge instead

  const aiming = () => at !== null && (pressed || performance.now() - movedMs < AIM_MS);
  const rowOf = (target) => {
    const found = target instanceof Element && scroller.contains(target) ? target.closest("li, button, input, select, h3, p") ?? target : null;
    return found && found !== scroller && scroller.contains(found) ? found : null;
  };
  const remember = (target) => {
    anchor = rowOf(target);
    top = anchor?.getBoundingClientRect().top ?? 0;
  };
  const underPointer = () => remember(at && document.elementFromPoint(at.x, at.y));

  const pad = (side, px) => {
    room[side] = px;
    scroller.style[side === "top" ? "paddingTop" : "paddingBottom"] = px ? `${px}px` : "";
  };
  const takeBackRoom = () => {
    if (!room.top && !room.bottom) return;
    const seen = scroller.scrollTop - room.top;
    pad("top", 0);
    pad("bottom", 0);
    scroller.scrollTop = seen;
  };

  /** What stands under a resting pointer is another row by now: no click was aimed at that. */
  const check = () => {
    const before = anchor;
    underPointer();
    if (at && anchor !== before) surprisedMs = performance.now();
  };

  const hold = () => {
    if (!aiming()) {
      check();
      return;
    }
    if (!anchor?.isConnected || performance.now() - wheelMs < WHEEL_MS) {
      underPointer();
      return;
    }
    let off = anchor.getBoundingClientRect().top - top;
    if (Math.abs(off) < 1) return;
    const before = scroller.scrollTop;
    scroller.scrollTop = before + off;
    off = anchor.getBoundingClientRect().top - top;
    // At either end there is nothing left to scroll: room is lent until the hand rests. A panel
    // that is not full needs it twice: once to be full, once to scroll.
    if (off <= -1) pad("top", room.top - off);
    for (let turn = 0; off >= 1 && turn < 3; turn += 1) {
      pad("bottom", room.bottom + Math.ceil(off));
      scroller.scrollTop += off;
      off = anchor.getBoundingClientRect().top - top;
    }
  };
  const observer = new MutationObserver(hold);

  /** Room is taken back only when the lists, told that they may, have taken their order. */
  const rest = () => {
    emit("rested");
    takeBackRoom();
    check();
  };
  const wait = () => {
    timer ??= setTimeout(() => {
      timer = null;
      if (aiming()) wait();
      else if (at) rest();
    }, Math.max(20, movedMs + AIM_MS - performance.now()));
  };
  const aim = (event) => {
    at = { x: event.clientX, y: event.clientY };
    movedMs = performance.now();
    remember(event.target);
    wait();
  };

  const enter = (event) => {
    if (event.pointerType === "touch") return;
    observer.observe(scroller, MOVES);
    if (hand?.x === event.clientX && hand.y === event.clientY) appear(event);
    else move(event);
  };
  /** Everything here is a surprise to a pointer that has not moved. */
  const appear = (event) => {
    at = { x: event.clientX, y: event.clientY };
    remember(event.target);
    surprisedMs = performance.now();
  };
  const move = (event) => {
    // A browser tells a move, too, when something has moved under a pointer that lies still.
    if (event.pointerType === "touch" || (at && at.x === event.clientX && at.y === event.clientY)) return;
    surprisedMs = -Infinity;
    aim(event);
  };
  const press = (event) => {
    dropped = event.pointerType !== "touch" && performance.now() - surprisedMs < SURPRISE_MS;
    if (event.pointerType === "touch") return;
    pressed = true;
    aim(event);
  };
  const release = () => {
    if (!pressed) return;
    pressed = false;
    movedMs = performance.now();
  };
  const click = (event) => {
    const wanted = !dropped || event.detail === 0; // a key aims at what has the focus
    dropped = false;
    if (wanted) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const leave = () => {
    observer.disconnect();
    anchor = null;
    at = null;
    pressed = false;
    movedMs = -Infinity;
    takeBackRoom();
    emit("rested");
  };
  const wheel = () => {
    wheelMs = performance.now();
    if (at) movedMs = wheelMs;
  };
  const scrolled = () => at && aiming() && underPointer();

  const heard = { pointerenter: enter, pointermove: move, pointerdown: press, pointerleave: leave, wheel, scroll: scrolled };
  for (const [name, listener] of Object.entries(heard)) scroller.addEventListener(name, listener, { passive: true });
  scroller.addEventListener("click", click, { capture: true });
  window.addEventListener("pointerup", release, { passive: true });
  const place = {
    aiming,
    /** What was aimed at is done: show the beginning, whatever the pointer is over then. */
    toTop: () => {
      pressed = false;
      movedMs = -Infinity;
      takeBackRoom();
      scroller.scrollTop = 0;
      check();
      emit("rested");
    },
    stop: () => {
      observer.disconnect();
      clearTimeout(timer);
      places.delete(scroller);
      for (const [name, listener] of Object.entries(heard)) scroller.removeEventListener(name, listener);
      scroller.removeEventListener("click", click, { capture: true });
      window.removeEventListener("pointerup", release);
    },
  };
  places.set(scroller, place);
  return place;
}
