import assert from "node:assert/strict";
import { test } from "node:test";
import { fire } from "../page.js";
import { fullDisk, phone, until } from "../outbox/phone.js";

/** A control of a window that keeps what is typed. */
async function control(page, name, tab) {
  const { keepDraft } = await page.script("kept/drafts", { tab });
  const node = page.window.document.createElement("textarea");
  const keep = keepDraft(node, name);
  return { node, keep, type: (words) => { node.value = words; fire(node, "input"); } };
}

test("a half-written text is there again after the page was closed, and gone once it was sent", async (t) => {
  const { page } = phone(t);
  const first = await control(page, "message-5");
  for (const words of ["V", "Va", "Valve 7 is st"]) first.type(words);
  await page.settle();

  const again = await control(page, "message-5", "&reloaded");
  await until(page, () => again.node.value === "Valve 7 is st");
  assert.equal((await control(page, "message-6", "&reloaded")).node.value, "");
  again.node.value = "";
  await again.keep();

  const { readDrafts, draftOf } = await page.script("kept/drafts", { tab: "&last" });
  await readDrafts();
  assert.equal(draftOf("message-5"), null);
});

test("what comes back late does not overwrite what was typed meanwhile", async (t) => {
  const { page } = phone(t);
  (await control(page, "message-5")).type("old");
  await page.settle();
  const again = await control(page, "message-5", "&reloaded");
  again.type("new");
  await page.settle();
  assert.equal(again.node.value, "new");
});

test("a text from before, and one that the database has no room for, are taken over", async (t) => {
  const { page } = phone(t);
  localStorage.setItem("nearcrew-draft-east-result-3", "Shut by hand");
  const old = await control(page, "result-3");
  await until(page, () => old.node.value === "Shut by hand");
  assert.equal(localStorage.getItem("nearcrew-draft-east-result-3"), null);

  const free = fullDisk();
  t.after(free);
  old.type("Shut by hand, tag set");
  await page.settle();
  assert.equal(localStorage.getItem("nearcrew-draft-east-result-3"), "Shut by hand, tag set");
});
