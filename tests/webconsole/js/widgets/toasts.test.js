import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

/** A page whose time the test moves; `pass(seconds)` lets it go by. */
async function withToasts(t) {
  t.mock.timers.reset();
  const page = openPage(t);
  t.mock.timers.enable({ apis: ["setInterval"] });
  const toasts = await page.script("widgets/toasts");
  const shown = () => [...document.querySelectorAll(".toast .toast-text")].map((each) => each.textContent);
  return { ...toasts, page, shown, pass: (seconds) => t.mock.timers.tick(seconds * 1000) };
}

test("news goes soon, a refusal later, and last one that offers another way", async (t) => {
  const { noteToast, refusalToast, shown, pass } = await withToasts(t);
  refusalToast("No answer.", [{ label: "Try again", act: () => {} }]);
  refusalToast("Too old.");
  noteToast("Copied.");

  pass(6);
  assert.deepEqual(shown(), ["No answer.", "Too old."]);
  pass(14);
  assert.deepEqual(shown(), ["No answer."]);
  pass(25);
  assert.deepEqual(shown(), []);
});

test("time runs only while the page can be seen", async (t) => {
  const { noteToast, shown, pass } = await withToasts(t);
  let hidden = true;
  Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
  noteToast("Copied.");

  pass(600);
  assert.deepEqual(shown(), ["Copied."]);
  hidden = false;
  pass(6);
  assert.deepEqual(shown(), []);
});

test("who is about to press a toast keeps it", async (t) => {
  const { refusalToast, shown, pass } = await withToasts(t);
  refusalToast("Too old.");
  document.querySelector(".toast .close").focus();

  pass(19);
  document.activeElement.blur();
  pass(19);
  assert.deepEqual(shown(), ["Too old."]);
  pass(1);
  assert.deepEqual(shown(), []);
});

test("the same words stand once, with their time begun anew", async (t) => {
  const { refusalToast, shown, pass } = await withToasts(t);
  refusalToast("Too old.");
  pass(19);
  refusalToast("Too old.");
  assert.deepEqual(shown(), ["Too old."]);
  pass(19);
  assert.deepEqual(shown(), ["Too old."]);
});

test("five at most: news gives way before a refusal", async (t) => {
  const { noteToast, refusalToast, shown } = await withToasts(t);
  refusalToast("a");
  for (const words of ["b", "c", "d", "e", "f"]) noteToast(words);
  assert.deepEqual(shown(), ["a", "c", "d", "e", "f"]);
  for (const words of ["g", "h", "i", "j", "k", "l"]) refusalToast(words);
  assert.deepEqual(shown(), ["h", "i", "j", "k", "l"]);
});

test("a close button takes one away, and its step can no longer be undone", async (t) => {
  const { undoToast, shown } = await withToasts(t);
  let gone = 0;
  undoToast("Sent.", () => {}, { gone: () => (gone += 1) });

  document.querySelector(".toast .close").click();

  assert.deepEqual([shown(), gone], [[], 1]);
});
