import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const at = new Date(2026, 0, 31, 3, 12).toISOString(); // of another day: with its date

test("a desk's message says who has read it, and who has not yet", async (t) => {
  // Of the crews that are there; without any, that nobody has.
  const page = openPage(t);
  const { deskReadLabel } = await page.script("messages/read_labels");
  const byGas1 = { read_by: [{ side: "crew", crew_name: "Gas 1", name: "east", at }] };

  assert.equal(deskReadLabel({ read_by: [] }), "not read yet");
  assert.equal(deskReadLabel({ read_by: [] }, ["Gas 1"]), "not read yet");
  assert.equal(deskReadLabel({ read_by: [] }, ["Gas 1", "Gas 2"]), "not read yet by Gas 1, Gas 2");
  assert.equal(deskReadLabel(byGas1, ["Gas 1"]), "read 31 Jan 03:12 by Gas 1");
  assert.equal(deskReadLabel(byGas1, ["Gas 1", "Gas 2"]), "read 31 Jan 03:12 by Gas 1 · not read yet by Gas 2");
});

test("an incident without unread messages has no mark, another one says how many", async (t) => {
  // In words too, for those who do not see it.
  const page = openPage(t);
  const { unreadMark } = await page.script("messages/unread_mark");

  assert.equal(unreadMark({ unread_from_crews: 0 }), null);
  assert.equal(unreadMark({ unread_from_crews: 2 }).textContent, "22 unread messages");
});
