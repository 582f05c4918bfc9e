import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("each mark is told once, and again until the server has it", async (t) => {
  const page = openPage(t);
  const { OrderMarks } = await page.script("escalation/order_marks");
  const marks = new OrderMarks();

  marks.note(7, { delivered: true, rang: false });
  await new Promise((done) => setImmediate(done));
  page.answer("/assignments/7/marks", { marks: [] });
  marks.note(7, { delivered: true, rang: true });
  await new Promise((done) => setImmediate(done));
  await new Promise((done) => setImmediate(done));
  marks.note(7, { delivered: true, rang: true });
  await new Promise((done) => setImmediate(done));

  const told = page.asked.map(({ body }) => body.marks.map(({ mark }) => mark));
  assert.deepEqual(told, [["delivered"], ["delivered", "rang"]]);
});
