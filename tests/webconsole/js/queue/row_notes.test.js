import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("what rooms say in a row stands in their order, what presses apart from the rest", async (t) => {
  const page = openPage(t);
  const { addRowNote, rowNotes } = await page.script("queue/row_notes");
  addRowNote({ id: "late", order: 20, note: ({ late }) => (late ? { text: "4 min left", pressing: true } : null) });
  addRowNote({ id: "calls", order: 30, note: ({ calls }) => (calls ? { text: "37 calls" } : null) });
  addRowNote({ id: "sos", order: 10, note: ({ sos }) => (sos ? { text: "SOS", loud: true } : null) });

  assert.deepEqual(rowNotes({}), { pressing: "", other: "", loud: false });
  assert.deepEqual(rowNotes({ late: true, calls: true }), { pressing: "4 min left", other: "37 calls", loud: false });
  assert.deepEqual(rowNotes({ late: true, sos: true }), { pressing: "SOS · 4 min left", other: "", loud: true });
});
