import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

async function phone(t) {
  const page = openPage(t);
  const { StatusLines } = await page.script("phone/status_lines");
  const { dutyScreen } = await page.script("phone/screens");
  const [alarm, foot] = ["p", "footer"].map((tag) => document.createElement(tag));
  const lines = new StatusLines({ alarm, foot, between: "", tracking: { state: "off", queue: [] } });
  const words = () => dutyScreen({ duty: "on_duty", muted: false, cutOff: lines.cutOff }, () => {}).querySelector(".told").textContent;
  return { lines, alarm, words };
}

const RINGS = "You are on duty. A new order will ring here.";
const CANNOT = "A new order cannot reach this phone now.";

test("who was signed out is not told that orders will ring here", async (t) => {
  const { lines, words } = await phone(t);
  assert.equal(words(), RINGS);

  lines.signedOut = true;

  assert.equal(words(), CANNOT);
});

test("a line that has been silent for half a minute promises no order, until it is heard again", async (t) => {
  const { lines, alarm, words } = await phone(t);

  lines.draw({ phase: "lost", heardAt: Date.now() - 31_000 });
  assert.match(alarm.textContent, /New orders cannot reach you/);
  assert.equal(words(), CANNOT);

  lines.draw({ phase: "live", heardAt: Date.now() });
  assert.equal(words(), RINGS);
});
