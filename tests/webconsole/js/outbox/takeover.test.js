import assert from "node:assert/strict";
import { test } from "node:test";
import { fullDisk, phone, until } from "./phone.js";

const at = "2026-01-31T03:12:00Z";

/** What pages of the older version left, signed off by nobody. */
function leave() {
  const steps = ["accept", "depart"].map((action) => ({ assignmentId: 3, action, body: { lon: 7, lat: 43, client_id: `old-${action}`, occurred_at: at } }));
  steps.push({ noticeId: 9, assignment: 3, body: { client_id: "old-notice", occurred_at: at } });
  localStorage.setItem("nearcrew-outbox-7", JSON.stringify(steps));
  localStorage.setItem("nearcrew-safety-7", JSON.stringify([{ what: "sos", body: { client_id: "old-sos", occurred_at: at } }]));
  localStorage.setItem("nearcrew-messages-7", JSON.stringify([{ incidentId: 5, words: "Valve 7", clientId: "old-message", writtenAt: at }]));
  localStorage.setItem("nearcrew-refused-messages-7", JSON.stringify([{ incidentId: 5, words: "Dog", why: "It is closed." }]));
}

function leaveRecords(crewId, clientId) {
  return new Promise((done) => {
    const opening = indexedDB.open("nearcrew-record", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("waiting", { keyPath: "clientId" });
    opening.onsuccess = () => {
      const writing = opening.result.transaction("waiting", "readwrite");
      const store = writing.objectStore("waiting");
      store.put({ clientId, crewId, incidentId: 5, kind: "photo", facts: { taken_at: at }, blob: new Blob(["picture"]), addedAt: 1 });
      store.put({ clientId: "old-note", crewId, incidentId: 5, kind: "note", facts: { words: "Key at the porter" }, blob: null, addedAt: 2 });
      writing.oncomplete = () => {
        opening.result.close();
        done();
      };
    };
  });
}

const oldDatabases = async () => (await indexedDB.databases()).map(({ name }) => name).filter((name) => name === "nearcrew-record");

test("what an older page left is sent once, under its names and with its times, and then is left nowhere", async (t) => {
  const { page, server, tab } = phone(t);
  leave();
  await leaveRecords(7, "old-photo");
  const { takeOver } = await page.script("outbox/takeover");
  const outbox = await tab();

  await takeOver(outbox);
  await until(page, () => outbox.actions.length === 1 && !outbox.sending.size);
  await takeOver(outbox);
  await page.settle();

  const names = server.heard.map(({ body }) => body.client_id);
  assert.deepEqual(names.toSorted(), ["old-accept", "old-depart", "old-message", "old-note", "old-notice", "old-photo", "old-sos"]);
  assert.ok(names.indexOf("old-accept") < names.indexOf("old-depart"));
  assert.deepEqual(server.heard.find(({ path }) => path === "/assignments/3/accept").body, { lon: 7, lat: 43, client_id: "old-accept", occurred_at: at });
  assert.deepEqual(server.heard.find(({ path }) => path === "/incidents/5/messages").body, { words: "Valve 7", written_at: at, client_id: "old-message" });
  assert.deepEqual(outbox.refused().map(({ body, why }) => [body.words, why.message]), [["Dog", "It is closed."]]);
  assert.deepEqual(Object.keys(localStorage).filter((key) => !key.endsWith("clock")), []);
  await until(page, async () => !(await oldDatabases()).length);
});

test("what there is no room for stays where it was, and another crew's is not touched", async (t) => {
  const { page, server, tab } = phone(t);
  server.reached = false;
  leave();
  await leaveRecords(8, "of-crew-8");
  const { takeOver } = await page.script("outbox/takeover");
  const outbox = await tab();
  const free = fullDisk();
  t.after(free);

  await takeOver(outbox);
  await page.settle();

  assert.equal(outbox.waiting().length, 5);
  assert.equal(JSON.parse(localStorage.getItem("nearcrew-outbox-7")).length, 3);
  assert.deepEqual(await oldDatabases(), ["nearcrew-record"]);
});
