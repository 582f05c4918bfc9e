import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a message written without signal waits through a reload and is sent once, under its name", async (t) => {
  // The page that comes after finds what the one before could not send.
  const page = openPage(t);
  const { MessageOutbox } = await page.script("messages/message_outbox");
  const box = new MessageOutbox(7, () => {});
  box.add(5, "Valve 7 is stuck");
  await page.settle();
  const [{ body: first }] = page.asked;
  assert.deepEqual(box.of(5).map(({ words, waiting }) => [words, waiting]), [["Valve 7 is stuck", true]]);

  page.answer("/incidents/5/messages", { id: 1 });
  const told = [];
  const after = new MessageOutbox(7, (...what) => told.push(what));
  after.flush();
  await page.settle();

  assert.deepEqual(page.asked.at(-1).body, first);
  assert.deepEqual(after.of(5), []);
  assert.deepEqual(told, [[5, { id: 1 }], [5]]);
});

test("what the server does not take is kept with its words until somebody has seen it", async (t) => {
  // The order may be over; the words are nowhere else. What comes behind it goes on.
  const page = openPage(t);
  const { MessageOutbox } = await page.script("messages/message_outbox");
  const box = new MessageOutbox(7, () => {});
  page.answer("/incidents/5/messages", { code: "not_found", detail: "There is no incident 5." }, { status: 404 });
  page.answer("/incidents/6/messages", { id: 2 });

  box.add(5, "Valve 7 is stuck");
  box.add(6, "Done");
  await page.settle();

  assert.deepEqual(box.refused, [{ incidentId: 5, words: "Valve 7 is stuck", why: "There is no incident 5." }]);
  assert.deepEqual(new MessageOutbox(7, () => {}).refused, box.refused);
  assert.deepEqual([box.of(5), box.of(6)], [[], []]);
  box.acknowledge();
  assert.deepEqual(new MessageOutbox(7, () => {}).refused, []);
});
