import assert from "node:assert/strict";
import { test } from "node:test";
import { fullDisk, phone, step, until } from "./phone.js";

test("what was done without signal waits through a reload and is sent once, in order, with its own time", async (t) => {
  const { page, server, tab } = phone(t);
  server.reached = false;
  const before = await tab();
  const accept = await before.put(step("accept"));
  await before.put(step("depart", 1, { after: [accept.clientId] }));

  server.reached = true;
  const after = await tab("&reloaded");
  await until(page, () => !after.actions.length);

  assert.deepEqual(server.paths, ["/assignments/1/accept", "/assignments/1/depart"]);
  assert.deepEqual(server.heard[0].body, { client_id: accept.clientId, occurred_at: accept.at });
  await until(page, () => !before.actions.length); // the other window hears of it
});

test("a refused step stops the later steps of its order, and neither a photo nor another order", async (t) => {
  const { page, server, tab } = phone(t);
  server.refusals.set("/assignments/1/accept", { code: "wrong_state", state: "withdrawn", detail: "The order is withdrawn." });
  server.reached = false;
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  const depart = await outbox.put(step("depart", 1, { after: [accept.clientId] }));
  await outbox.put({ kind: "photo", path: "/incidents/5/photos", blob: new Blob(["picture"]), says: "photo" });
  await outbox.put(step("accept", 2));

  server.reached = true;
  outbox.flush({ atOnce: true });
  await until(page, () => outbox.actions.length === 2 && !outbox.sending.size);

  assert.deepEqual(server.paths.toSorted(), ["/assignments/1/accept", "/assignments/2/accept", "/incidents/5/photos"]);
  assert.deepEqual(outbox.refused().map(({ clientId }) => clientId), [accept.clientId, depart.clientId]);
  assert.match(outbox.refused()[0].why.message, /Withdrawn while you were offline/);
  await outbox.putAway(accept.clientId);
  assert.deepEqual(outbox.actions, []);
  assert.deepEqual((await tab("&reloaded")).actions, []);
});

test("a step that another phone of the crew took is said so, and what comes after it goes on", async (t) => {
  const { page, server, tab } = phone(t);
  server.refusals.set("/assignments/1/accept", { code: "wrong_state", state: "accepted", already: true, detail: "Done." });
  server.reached = false;
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  await outbox.put(step("depart", 1, { after: [accept.clientId] }));

  server.reached = true;
  outbox.flush({ atOnce: true });
  await until(page, () => outbox.actions.length === 1 && !outbox.sending.size);

  assert.deepEqual(server.paths, ["/assignments/1/accept", "/assignments/1/depart"]);
  assert.match(outbox.refused()[0].why.message, /Another phone of your crew/);
});

test("a refused action that is tried again takes with it what waited for it", async (t) => {
  const { page, server, tab } = phone(t);
  server.refusals.set("/assignments/1/accept", { code: "failed", detail: "Not now." });
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  await until(page, () => outbox.refused().length === 1);
  await outbox.put(step("depart", 1, { after: [accept.clientId] }));
  server.refusals.clear();

  await outbox.retry(accept.clientId);
  await until(page, () => !outbox.actions.length);

  assert.deepEqual(server.paths, ["/assignments/1/accept", "/assignments/1/accept", "/assignments/1/depart"]);
});

test("an action that the server stumbles over holds up only what comes after it", async (t) => {
  const { page, server, tab } = phone(t);
  server.troubles.add("/assignments/1/accept");
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  await outbox.put(step("depart", 1, { after: [accept.clientId] }));
  await outbox.put(step("accept", 2));
  await until(page, () => server.paths.includes("/assignments/2/accept"));

  assert.deepEqual(outbox.waiting().map(({ kind }) => kind), ["accept", "depart"]);
  server.troubles.clear();
  outbox.flush({ atOnce: true });
  await until(page, () => !outbox.actions.length);
  assert.deepEqual([...server.kept.values()].toSorted(), ["/assignments/1/accept", "/assignments/1/depart", "/assignments/2/accept"]);
});

test("an SOS waits behind nothing: not behind a photo that is being sent, not behind a disk that hangs", async (t) => {
  const { page, server, tab } = phone(t);
  const outbox = await tab();
  const real = globalThis.fetch;
  globalThis.fetch = (url, options) => (url.endsWith("/photos") ? new Promise(() => {}) : real(url, options));
  await outbox.put({ kind: "photo", path: "/incidents/5/photos", blob: new Blob(["picture"]), says: "photo" });
  outbox.store.keep = () => new Promise(() => {});

  outbox.put({ kind: "sos", path: "/crews/7/sos", clock: "occurred_at", says: "SOS" });
  for (let wait = 0; wait < 100 && !server.paths.length; wait += 1) await new Promise((done) => setTimeout(done, 50));

  assert.deepEqual(server.paths, ["/crews/7/sos"]);
  assert.ok(page);
});

test("on a full disk nothing counts as kept, and it is sent from the page all the same", async (t) => {
  const { page, server, tab } = phone(t);
  const outbox = await tab();
  const free = fullDisk();
  t.after(free);
  server.reached = false;
  let kept = false;
  outbox.put(step("accept")).then(() => (kept = true));
  await until(page, () => outbox.trouble === "full");
  assert.deepEqual([kept, outbox.isKept(outbox.actions[0])], [false, false]);

  server.reached = true;
  outbox.flush({ atOnce: true });
  await until(page, () => !outbox.actions.length);
  assert.deepEqual([server.paths, outbox.trouble, kept], [["/assignments/1/accept"], "", true]);
});

test("a lost answer is asked for again under the same name", async (t) => {
  const { page, server, tab } = phone(t);
  server.lostAnswers.add("/assignments/1/accept");
  const outbox = await tab();
  const accept = await outbox.put(step("accept"));
  await until(page, () => server.heard.length === 1 && !outbox.sending.size);
  outbox.flush({ atOnce: true });
  await until(page, () => !outbox.actions.length);

  assert.deepEqual(server.heard.map(({ body }) => body), [1, 2].map(() => ({ client_id: accept.clientId, occurred_at: accept.at })));
});

test("a phone whose clock is an hour fast tells the server's time, also when it is started without signal", async (t) => {
  const { page, server, tab } = phone(t);
  const hour = 3600 * 1000;
  const { setServerTime } = await page.script("core/clock");
  setServerTime(new Date(Date.now() - hour).toISOString());
  server.reached = false;

  const restarted = await tab("&restarted"); // its own clock module has heard nothing yet
  const accept = await restarted.put(step("accept"));
  const saidMs = Date.parse(accept.at);
  assert.ok(Math.abs(saidMs - (Date.now() - hour)) < 5000);

  // Meanwhile it became known that it is two hours: nothing was sent yet, so that counts.
  const { setServerTime: set } = await page.script("core/clock", { tab: "&restarted" });
  set(new Date(Date.now() - 2 * hour).toISOString());
  server.reached = true;
  restarted.flush({ atOnce: true });
  await until(page, () => !restarted.actions.length);
  assert.ok(Math.abs(Date.parse(server.heard[0].body.occurred_at) - (Date.now() - 2 * hour)) < 5000);
});
