// How the desk keeps in step with the server when it missed something.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const OPEN = { id: 41, state: "open", version: 1, address: "Rue A", kind: "gas_leak", priority: 2,
  reported_at: "2026-03-01T08:00:00Z", lon: 7.42, lat: 43.73, assignments: [] };

/** A page whose server has incident 41, open, no crews and no closures. */
async function openBoard(t) {
  const page = openPage(t);
  page.answer("/incidents", { incidents: [] });
  page.answer("/incidents?state=open", { incidents: [OPEN] });
  page.answer("/crews", { crews: [] });
  page.answer("/closures", { closures: [] });
  return { page, store: await page.script("core/store"), loading: await page.script("live/loading") };
}

test("a board that could not be loaded again is stale until it is", async (t) => {
  // Asked for again after 1, 2, 4 s, however live the line; then all is told to look anew.
  const { page, store, loading } = await openBoard(t);
  const { connectionPanel } = await page.script("live/connection_panel");
  const [chip, alarm] = [document.createElement("p"), document.createElement("p")];
  connectionPanel(chip, alarm);
  await loading.loadAll();
  store.setConnection({ phase: "live", heardAt: Date.now() });
  const told = [];
  for (const topic of ["reset", "roads"]) store.on(topic, () => told.push(topic));
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const pass = async (ms) => {
    t.mock.timers.tick(ms);
    await page.settle();
    t.mock.timers.tick(0);
  };
  const look = () => [chip.dataset.state, alarm.textContent.includes("not be loaded yet")];
  await pass(0);
  assert.deepEqual(look(), ["live", false]);

  page.answer("/crews", null, { offline: true });
  page.asked.length = 0;
  loading.reload();
  await pass(0);
  await pass(0);
  assert.deepEqual(look(), ["dead", true]);
  await pass(1000);
  await pass(2000);
  assert.equal(page.requests().filter((each) => each === "GET /crews").length, 3);
  assert.deepEqual(look(), ["dead", true]);
  assert.deepEqual(told, []);

  page.answer("/crews", { crews: [] });
  await pass(4000);
  await pass(0);
  assert.deepEqual(look(), ["live", false]);
  assert.deepEqual(told, ["reset", "roads"]);
});

test("what is open on the side is loaded again with the board", async (t) => {
  // It ended meanwhile: it is in no list, yet shown as it is now; so are its record and crew.
  const { page, store, loading } = await openBoard(t);
  const { Timeline } = await page.script("incidents/timeline");
  const { CrewPanel } = await page.script("crews/crew_panel");
  page.answer("/incidents/41", { ...OPEN, state: "closed", version: 2 });
  page.answer("/incidents/41/timeline", { events: [] });
  page.answer("/crews/7/assignments", { assignments: [] });
  page.answer("/crews/7/notices", { notices: [] });
  page.answer("/crews/7/card", { members: [], vehicles: [] });
  store.putIncident(OPEN);
  store.select("incident", 41);
  new Timeline(41);
  new CrewPanel(7);
  page.answer("/incidents?state=open", { incidents: [] });
  await page.settle();
  page.asked.length = 0;

  await loading.reload();
  await page.settle();

  assert.equal(store.state.incidents.get(41).state, "closed");
  assert.ok(page.requests().includes("GET /incidents/41/timeline"));
  assert.ok(page.requests().includes("GET /crews/7/assignments"));
});

test("an incident that the server lost does not keep the board stale", async (t) => {
  // As after a backup was restored under an open page.
  const { page, store, loading } = await openBoard(t);
  page.answer("/incidents/99", null, { status: 404 });
  store.putIncident({ ...OPEN, id: 99 });
  store.select("incident", 99);

  await loading.reload();

  assert.equal(store.state.connection.behindAt, null);
});

test("an answer that hangs keeps no board stale that has been loaded since", async (t) => {
  // The line was lost once more while a first reload still waited; the second one got through.
  const { page, store, loading } = await openBoard(t);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  page.answer("/crews", () => new Promise(() => {}));
  loading.reload();
  await page.settle();
  page.answer("/crews", { crews: [] });
  const second = loading.reload();
  await page.settle();
  await second;

  t.mock.timers.tick(5000);
  await page.settle();

  assert.equal(store.state.connection.behindAt, null);
});
