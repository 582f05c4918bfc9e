import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const order = (unread) => ({ id: 3, incident: { id: 5, kind: "gas_leak" }, unread_from_desk: unread });
const fromDesk = { id: 9, incident_id: 5, side: "desk", words: "Dog in the yard", written_at: "2026-01-31T03:12:00Z", read_by: [] };

test("what was said to be understood without signal does not come back, and is told when there is signal", async (t) => {
  // The answer waits here and the mark too; the server still says that it is unread.
  const page = openPage(t, { boot: { username: "east", crew_id: 7 } });
  const { document } = page.window;
  document.body.insertAdjacentHTML("beforeend", '<header class="crew-bar"><i class="more"></i></header><main id="crew-main"></main>');
  const { MessagesPanel } = await page.script("messages/phone_messages");
  const panel = new MessagesPanel(7, { muted: true });
  page.answer("/incidents/5/messages", { messages: [fromDesk] });
  panel.update([order(1)], null);
  await page.settle();
  const news = document.querySelector(".message-news");
  assert.equal(news.querySelector(".message-words").textContent, "Dog in the yard");
  assert.equal(panel.button.textContent, "Messages (1)");

  page.answer("/incidents/5/messages", null, { offline: true });
  news.querySelectorAll("button")[1].click();
  await page.settle();
  panel.update([order(1)], null);
  await page.settle();
  assert.equal(news.hidden, true);
  assert.equal(panel.button.textContent, "Messages ");

  page.answer("/incidents/5/messages", { messages: [fromDesk] });
  panel.update([order(1)], null);
  const { outbox } = await page.script("outbox/outbox");
  outbox.flush({ atOnce: true });
  await page.settle();
  const told = page.asked.filter(({ method }) => method === "POST").slice(-2);
  assert.deepEqual(told.map(({ path }) => path).sort(), ["/incidents/5/messages", "/incidents/5/messages/read"]);
  assert.equal(news.hidden, true);
});
