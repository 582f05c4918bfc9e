import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

test("a line is done once, however often Enter is pressed", async (t) => {
  // While it is being done, and while the key is held; afterwards again.
  const page = openPage(t);
  const { addCommand } = await page.script("command_line/registry");
  const { CommandError } = await page.script("command_line/command_error");
  const { openCommandLine } = await page.script("command_line/command_line");
  let ran = 0;
  let refuse;
  addCommand({
    id: "go",
    title: () => "Go",
    words: ["go"],
    run: () => {
      ran += 1;
      return new Promise((_done, refused) => (refuse = refused));
    },
  });
  openCommandLine("go");
  const input = document.body.querySelector("input");
  const enter = (repeat) => {
    fire(input, "keydown", { key: "Enter", repeat });
    return ran;
  };

  assert.deepEqual([enter(false), enter(false), enter(true)], [1, 1, 1]);
  refuse(new CommandError("refused"));
  await page.settle();
  assert.deepEqual([enter(true), enter(false)], [1, 2]);
});
