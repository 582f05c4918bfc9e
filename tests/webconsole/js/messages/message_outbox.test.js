import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, until } from "../outbox/phone.js";

test("a message written without signal stands in the conversation, and is sent with the time of writing", async (t) => {
  const { page, server, tab } = phone(t);
  server.reached = false;
  const outbox = await tab();
  const { messagesWaiting, sendMessage } = await page.script("messages/message_outbox");
  const { clientId, at } = await sendMessage(5, "Valve 7 is stuck");
  assert.deepEqual(messagesWaiting(5).map(({ words, waiting }) => [words, waiting]), [["Valve 7 is stuck", true]]);
  assert.deepEqual(messagesWaiting(6), []);

  server.reached = true;
  outbox.flush({ atOnce: true });
  await until(page, () => !messagesWaiting(5).length);

  assert.deepEqual(server.heard, [{ path: "/incidents/5/messages", body: { words: "Valve 7 is stuck", client_id: clientId, written_at: at } }]);
});
