import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const tell = (...names) => names.forEach((name) => window.dispatchEvent(new Event(name)));

test("a touch lasts from the finger until its click was heard, or a while if there is none", async (t) => {
  const { Touch } = await openPage(t).script("phone/touch");
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const over = t.mock.fn();
  const touch = new Touch(over);

  tell("pointerdown", "pointerup");
  assert.equal(touch.lasts, true);
  tell("click");
  assert.equal(touch.lasts, true); // those who listen to the click itself come first
  t.mock.timers.tick(0);
  assert.equal(touch.lasts, false);

  tell("pointerdown", "pointerup");
  t.mock.timers.tick(499);
  assert.equal(touch.lasts, true);
  t.mock.timers.tick(1);
  assert.equal(touch.lasts, false);

  tell("click"); // of a key
  t.mock.timers.tick(0);
  assert.equal(over.mock.callCount(), 2);
});
