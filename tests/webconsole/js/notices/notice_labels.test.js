import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const NOTICE = { kind: "changed", assignment_id: 1, incident_id: 41, rank: 0, what: [] };
const priority = (id, old, now) => ({ ...NOTICE, id, what: [{ field: "priority", old, new: now }] });

test("changes of one order are told as one, with every value between", async (t) => {
  const { gathered } = await openPage(t).script("notices/notice_labels");

  const told = gathered([priority(1, 3, 1), priority(2, 1, 2)]);

  assert.equal(told.length, 1);
  assert.equal(told[0].id, 2); // to confirm the newest confirms all
  assert.deepEqual(told[0].changes, [{ field: "priority", values: [3, 1, 2] }]);
});

test("who is called back reads that, and not what was changed before", async (t) => {
  const { gathered } = await openPage(t).script("notices/notice_labels");

  const [told] = gathered([priority(1, 3, 1), { ...NOTICE, id: 2, kind: "recalled" }, priority(3, 1, 2)]);

  assert.deepEqual([told.kind, told.id, told.changes], ["recalled", 3, []]);
});

test("what the crew does now comes before what waits behind it, a recall before a change", async (t) => {
  const { gathered } = await openPage(t).script("notices/notice_labels");
  const of = (assignment_id, kind, rank) => ({ ...NOTICE, id: assignment_id, assignment_id, kind, rank });

  const told = gathered([of(1, "changed", 1), of(2, "changed", 0), of(3, "cancelled", 0)]);

  assert.deepEqual(told.map(({ id }) => id), [3, 2, 1]);
});

test("a moved pin is told by how far it moved", async (t) => {
  const { movedLabel } = await openPage(t).script("notices/notice_labels");

  // 0.001 degrees of latitude are 111 m, of longitude at 60 degrees north half of that.
  assert.equal(movedLabel([[7, 60], [7, 60.001]]), "moved by 110 m");
  assert.equal(movedLabel([[7, 60], [7.5, 61], [7.001, 60]]), "moved by 60 m");
});
