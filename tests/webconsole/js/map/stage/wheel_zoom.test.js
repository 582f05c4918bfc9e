import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../../page.js";

const wheel = (deltaY, wheelDeltaY, { deltaMode = 0, ctrlKey = false } = {}) => ({ deltaY, wheelDeltaY, deltaMode, ctrlKey });

test("a wheel tells notches, a touchpad and two fingers do not", async (t) => {
  const { notchesOf } = await openPage(t).script("map/stage/wheel_zoom");
  const cases = [
    [wheel(100, -120), 1], // Linux and Windows
    [wheel(-100, 120), -1],
    [wheel(66.67, -120), 1], // a screen at 150 %
    [wheel(200, -240), 2], // two notches in one
    [wheel(3, undefined, { deltaMode: 1 }), 1], // Firefox: three lines
    [wheel(4, -12), 0],
    [wheel(40, -120), 0], // a swift stroke of a touchpad: thrice its pixels
    [wheel(80, -240), 0],
    [wheel(100, -120, { ctrlKey: true }), 0],
  ];

  for (const [event, expected] of cases) assert.equal(notchesOf(event), expected, JSON.stringify(event));
});
