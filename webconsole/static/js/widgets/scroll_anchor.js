// Keeps the row under the pointer in place. Whatever is added, removed or grows elsewhere in a
// scrolled panel, that row stays where it is on the screen: a click that is about to happen lands
// where it was aimed.

const MOVES = { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ["hidden", "class", "aria-expanded"] };
const WHEEL_MS = 200; // while the hand scrolls, the content may move
const REST_MS = 15000; // a pointer that was left lying aims at nothing

/** Hold what is under the pointer in a scrolling element. Returns {aiming(), stop()}. */
export function keepPlace(scroller) {
  let anchor = null;
  let top = 0;
  let at = null;
  let movedMs = -Infinity;
  let wheelMs = -Infinity;
  const room = { top: 0, bottom: 0 };
  scroller.style.overflowAnchor = "none"; // the browser holds what is at the upper edge instead

  const remember = (target) => {
    const found = target instanceof Element && scroller.contains(target) ? target.closest("li, button, input, select, h3, p") ?? target : null;
    anchor = found && found !== scroller && scroller.contains(found) ? found : null;
    top = anchor?.getBoundingClientRect().top ?? 0;
  };
  const underPointer = () => remember(at && document.elementFromPoint(at.x, at.y));

  const pad = (side, px) => {
    room[side] = px;
    scroller.style[side === "top" ? "paddingTop" : "paddingBottom"] = px ? `${px}px` : "";
  };

  const hold = () => {
    if (!anchor?.isConnected || performance.now() - wheelMs < WHEEL_MS) {
      underPointer();
      return;
    }
    let off = anchor.getBoundingClientRect().top - top;
    if (Math.abs(off) < 1) return;
    const before = scroller.scrollTop;
    scroller.scrollTop = before + off;
    off = anchor.getBoundingClientRect().top - top;
    // At either end there is nothing left to scroll: room is lent until the pointer has left. A
    // panel that is not full needs it twice: once to be full, once to scroll.
    if (off <= -1) pad("top", room.top - off);
    for (let turn = 0; off >= 1 && turn < 3; turn += 1) {
      pad("bottom", room.bottom + Math.ceil(off));
      scroller.scrollTop += off;
      off = anchor.getBoundingClientRect().top - top;
    }
  };
  const observer = new MutationObserver(hold);

  const enter = (event) => {
    if (event.pointerType === "touch") return;
    observer.observe(scroller, MOVES);
    move(event);
  };
  const move = (event) => {
    at = { x: event.clientX, y: event.clientY };
    movedMs = performance.now();
    remember(event.target);
  };
  const leave = () => {
    observer.disconnect();
    anchor = null;
    at = null;
    movedMs = -Infinity;
    const seen = scroller.scrollTop - room.top;
    pad("top", 0);
    pad("bottom", 0);
    scroller.scrollTop = seen;
  };
  const wheel = () => (wheelMs = performance.now());
  const scrolled = () => at && underPointer();

  const heard = { pointerenter: enter, pointermove: move, pointerleave: leave, wheel, scroll: scrolled };
  for (const [name, listener] of Object.entries(heard)) scroller.addEventListener(name, listener, { passive: true });
  return {
    /** Whether a hand may be about to click in here. */
    aiming: () => performance.now() - movedMs < REST_MS,
    stop: () => {
      observer.disconnect();
      for (const [name, listener] of Object.entries(heard)) scroller.removeEventListener(name, listener);
    },
  };
}
