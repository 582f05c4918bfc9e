// What the panel of a crew does with news, and with answers that overtake one another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const CREW = { id: 7, name: "Crew 12", state: "idle", duty: "on_duty", lon: 7.42, lat: 43.73 };
const fixedNow = () => ({ fixed_at: new Date().toISOString() });

async function openCrew(t) {
  const page = openPage(t);
  const store = await page.script("core/store");
  const { CrewPanel } = await page.script("crews/crew_panel");
  page.answer("/crews/7/assignments", { assignments: [] });
  page.answer("/crews/7/notices", { notices: [] });
  page.answer("/crews/7/card", { members: [], vehicles: [] });
  store.putCrew({ ...CREW, ...fixedNow() });
  return { page, store, CrewPanel };
}

test("a crew on the side is not drawn again for the news of others", async (t) => {
  // Whoever is copying its place, or has the keyboard there, is not thrown out.
  const { page, store, CrewPanel } = await openCrew(t);
  const panel = new CrewPanel(7);
  const before = [...panel.details.children];
  const same = () => [...panel.details.children].every((row, at) => row === before[at]);

  store.putCrew({ ...CREW, id: 8, name: "Crew 13" });
  store.movePositions([[7, 7.421, 43.731, 0, 3, new Date().toISOString()]]);
  await page.settle();
  assert.equal(same(), true);
  assert.equal(panel.place.textContent, "43.73100, 7.42100");

  store.putCrew({ ...CREW, skills: ["gas"], ...fixedNow() });
  await page.settle();
  assert.equal(same(), false);
});

test("a first position brings its row", async (t) => {
  // A crew comes on duty while somebody looks at it.
  const { page, store, CrewPanel } = await openCrew(t);
  store.putCrew({ id: 9, name: "New", state: "idle" });
  const panel = new CrewPanel(9);

  store.movePositions([[9, 7.42, 43.73, 0, 0, new Date().toISOString()]]);
  await page.settle();

  assert.ok([...panel.details.children].some((row) => row.textContent === "Coordinates"));
});

test("an answer that was overtaken is not shown", async (t) => {
  // Orders asked for twice: the older answer comes last and is dropped.
  const { page, store, CrewPanel } = await openCrew(t);
  const order = (id) => ({ assignments: [{ id, incident_id: id, rank: 0, state: "accepted", incident: null }] });
  let slow;
  page.answer("/crews/7/assignments", () => new Promise((done) => (slow = done)));
  const panel = new CrewPanel(7);
  await page.settle();
  page.answer("/crews/7/assignments", order(2));
  store.emit("event", { kind: "assignment.offered", crew_id: 7 });
  await page.settle();

  slow(order(1));
  await page.settle();

  assert.match(panel.list.textContent, /#2/);
  assert.doesNotMatch(panel.list.textContent, /#1/);
});
