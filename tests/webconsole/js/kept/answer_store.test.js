import assert from "node:assert/strict";
import { test } from "node:test";
import { phone } from "../outbox/phone.js";

test("an answer that comes in after its reader signed out is not kept", async (t) => {
  const { page } = phone(t);
  const { answerStore, stopKeeping } = await page.script("kept/answer_store");
  await answerStore.write({ url: "/a", owner: "east", at: 1, body: "before" });
  const late = answerStore.write({ url: "/b", owner: "east", at: 2, body: "late" });
  stopKeeping();
  await late;

  assert.deepEqual((await answerStore.all()).map(({ url }) => url), ["/a"]);
});
