// Zooming by wheel: one step for each notch, and by touchpad one for each stretch of the fingers' way.
//
// Leaflet adds up what a wheel sends within 40 ms and rounds up: a notch of 100 pixels becomes two
// steps on some systems, and a touchpad, which sends a few pixels sixty times a second, a step each
// 40 ms.

const STEP_PX = 120; // of a touchpad's way
const PINCH = 6; // two fingers apart are told as a wheel with the Ctrl key, in far smaller numbers
const NOTCH = 120; // what browsers call one notch
const LEAST_NOTCH_PX = 40;
const PAUSE_MS = 400; // after it a movement is a new one

/** Notches of a wheel's event, signed; 0 where it is a touchpad's. */
export function notchesOf({ deltaMode, deltaY, wheelDeltaY, ctrlKey }) {
  if (deltaMode !== 0) return Math.sign(deltaY); // lines or pages: no touchpad tells those
  const told = Math.abs(wheelDeltaY ?? 0);
  // A touchpad's is thrice its pixels; a wheel's is whole notches, whatever they are in pixels.
  if (ctrlKey || told === 0 || told % NOTCH || told === 3 * Math.abs(deltaY) || Math.abs(deltaY) < LEAST_NOTCH_PX) return 0;
  return Math.sign(deltaY) * (told / NOTCH);
}

/** Let the wheel zoom `map` around the pointer. */
export function zoomByWheel(map) {
  let goal = null; // the zoom it is on its way to
  let wayPx = 0; // of a touchpad, not yet a whole step
  let lastMs = -Infinity;

  map.getContainer().addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      if (event.timeStamp - lastMs > PAUSE_MS) [goal, wayPx] = [null, 0];
      lastMs = event.timeStamp;
      const notches = notchesOf(event);
      let steps = -notches;
      if (!notches) {
        wayPx += event.deltaY * (event.ctrlKey ? PINCH : 1);
        steps = -Math.trunc(wayPx / STEP_PX);
        wayPx += steps * STEP_PX;
      }
      if (!steps) return;
      const from = goal ?? map.getZoom();
      goal = Math.min(map.getMaxZoom(), Math.max(map.getMinZoom(), from + steps));
      if (goal !== from) map.setZoomAround(map.mouseEventToContainerPoint(event), goal);
    },
    { passive: false },
  );
}
