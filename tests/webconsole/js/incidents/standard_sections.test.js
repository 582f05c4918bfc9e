import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("details keep their buttons while they age", async (t) => {
  // Every 20 s only "5 min ago" is written anew.
  const page = openPage(t);
  const store = await page.script("core/store");
  await page.script("incidents/standard_sections");
  const { incidentSections } = await page.script("incidents/section_registry");
  const details = incidentSections().find(({ id }) => id === "details").make(41);
  const incident = { id: 41, lon: 7.42, lat: 43.73, address: "Rue A", reported_at: new Date(Date.now() - 300e3).toISOString() };
  store.putIncident(incident);
  details.update(incident);
  const before = [...details.node.children];

  store.emit("slow");

  assert.deepEqual([...details.node.children].map((row, at) => row === before[at]), before.map(() => true));
  assert.ok(before.length > 0);
  assert.match(details.node.textContent, /5 min ago/);
});
