import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, until } from "./phone.js";

test("on plain http too, of two windows one at a time sends, and one that was killed holds nothing for long", async (t) => {
  const { page } = phone(t, { locks: false });
  const windows = await Promise.all(["&one", "&two"].map((tab) => page.script("outbox/alone", { tab })));
  const told = [];
  let done;
  const first = windows[0].alone("steps", () => new Promise((resolve) => (done = resolve)));
  await until(page, () => done);
  const second = windows[1].alone("steps", async () => told.push("second"));
  const other = windows[1].alone("files", async () => told.push("other"));
  await other;
  assert.deepEqual(told, ["other"]);

  done();
  await first;
  await second;
  assert.deepEqual(told, ["other", "second"]);

  const { database } = await page.script("kept/database");
  await (await database()).put("kit", { name: "lease steps", holder: "killed", untilMs: Date.now() - 1 });
  assert.equal(await windows[1].alone("steps", async () => "sent"), "sent");
});
