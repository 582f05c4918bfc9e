import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, step, until } from "./phone.js";

test("the rescue file holds all that is not sent, as it would be sent, with its photos", async (t) => {
  const { page, server, tab } = phone(t);
  server.refusals.set("/assignments/1/accept", { code: "wrong_state", detail: "No." });
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  await until(page, () => outbox.refused().length === 1);
  server.reached = false;
  await outbox.put({ kind: "photo", path: "/incidents/5/photos", body: { lon: 7 }, blob: new Blob(["picture"], { type: "image/jpeg" }), about: { incidentId: 5 }, says: "photo" });
  const { rescueFile } = await page.script("outbox/rescue");

  const { name, content } = await rescueFile(outbox);

  const { crew_id: crewId, actions } = JSON.parse(await content.text());
  assert.match(name, /^nearcrew-7-.*\.json$/);
  assert.deepEqual([crewId, actions.map(({ kind, state }) => [kind, state])], [7, [["accept", "refused"], ["photo", "waiting"]]]);
  assert.deepEqual(actions[0].body, { client_id: accept.clientId, occurred_at: accept.at });
  assert.equal(actions[0].why.message, "No.");
  assert.deepEqual([actions[1].file.type, atob(actions[1].file.base64)], ["image/jpeg", "picture"]);
  assert.equal(outbox.unsent.length, 2);
});
