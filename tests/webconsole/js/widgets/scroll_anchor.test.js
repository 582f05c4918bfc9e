import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

/** A list of two rows with the pointer on the first; `under` is what lies there from now on. */
async function openList(t) {
  const page = openPage(t);
  const { AIM_MS, keepPlace } = await page.script("widgets/scroll_anchor");
  const { document } = page.window;
  const scroller = document.createElement("div");
  const clicked = [];
  const rows = ["one", "two"].map((name) => {
    const row = document.createElement("li");
    row.addEventListener("click", () => clicked.push(name));
    return row;
  });
  scroller.append(...rows);
  document.body.append(scroller);
  let under = rows[0];
  document.elementFromPoint = () => under;
  let nowMs = 0;
  t.mock.method(performance, "now", () => nowMs);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const place = keepPlace(scroller);
  const pointer = (type, x) => under.dispatchEvent(new page.window.PointerEvent(type, { bubbles: true, clientX: x, clientY: 5, pointerType: "mouse" }));
  scroller.dispatchEvent(new page.window.PointerEvent("pointerenter", { clientX: 5, clientY: 5, pointerType: "mouse" }));
  pointer("pointermove", 6);
  return {
    clicked, place, pointer, AIM_MS,
    pass: (ms) => {
      nowMs += ms;
      t.mock.timers.tick(ms);
    },
    /** The second row comes under the pointer, as when the first has gone. */
    move: async () => {
      under = rows[1];
      scroller.append(document.createElement("p"));
      await Promise.resolve();
    },
    press: ({ key = false } = {}) => {
      pointer("pointerdown", 6);
      under.dispatchEvent(new page.window.MouseEvent("click", { bubbles: true, detail: key ? 0 : 1 }));
    },
  };
}

test("a hand aims until it has rested", async (t) => {
  const { place, pass, AIM_MS } = await openList(t);

  assert.equal(place.aiming(), true);
  pass(AIM_MS - 1);
  assert.equal(place.aiming(), true);
  pass(2);
  assert.equal(place.aiming(), false);
});

test("a click on what has just come under a resting pointer is dropped", async (t) => {
  const { clicked, move, pass, press, AIM_MS } = await openList(t);
  pass(AIM_MS + 1);

  await move();
  press();
  assert.deepEqual(clicked, []);

  pass(AIM_MS);
  press();
  assert.deepEqual(clicked, ["two"]);
});

test("a hand that moves, or a key, means what is there now", async (t) => {
  const { clicked, move, pass, pointer, press, AIM_MS } = await openList(t);
  pass(AIM_MS + 1);
  await move();

  press({ key: true });
  pointer("pointermove", 7);
  press();

  assert.deepEqual(clicked, ["two", "two"]);
});
