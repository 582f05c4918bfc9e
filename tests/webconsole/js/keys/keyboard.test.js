import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

test("a key held down means its command once", async (t) => {
  // All but walking the queue and zooming, which one holds a key for.
  const page = openPage(t);
  const { addCommand } = await page.script("command_line/registry");
  const { listenToKeys } = await page.script("keys/keyboard");
  const ran = [];
  const add = (key, more) => addCommand({ id: key, title: () => key, keys: [key], run: () => void ran.push(key), ...more });
  add("u", {});
  add("j", { repeats: true });
  listenToKeys();

  for (const key of ["u", "j"]) for (const repeat of [false, true, true]) fire(document.body, "keydown", { key, repeat });
  await page.settle();

  assert.deepEqual(ran, ["u", "j", "j", "j"]);
});
