import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const crew = (crew_id) => ({ crew_id, crew_name: `Crew ${crew_id}`, arrival_s: 60 * crew_id, busy: false, reached: true });
const row = (incident_id, crewId, others) => ({ row: incident_id, task: null, incident_id, incident_version: 3, crew: crewId && crew(crewId), others: others.map(crew), why: crewId ? null : "no_crew_left", against: {} });
const chosen = (rows) => Object.fromEntries(rows.map((each) => [each.incident_id, each.chosenId]));

test("two rows trade their crews, and a row is left to wait by choosing nobody", async (t) => {
  const { asProposed, rowsToSend, withCrew } = await openPage(t).script("proposals/proposal_rows");
  const rows = asProposed({ rows: [row(7, 1, [2]), row(8, 2, [1])] });

  const traded = withCrew(rows, 7, 2);
  const dropped = withCrew(traded, 8, null);

  assert.deepEqual(chosen(rows), { 7: 1, 8: 2 });
  assert.deepEqual(chosen(traded), { 7: 2, 8: 1 });
  assert.deepEqual(chosen(dropped), { 7: 2, 8: null });
  assert.deepEqual(rowsToSend(dropped), [{ incident_id: 7, crew_id: 2, expected_version: 3 }]);
});

test("who loses its crew to another row and cannot have that one's gets nobody", async (t) => {
  const { asProposed, withCrew } = await openPage(t).script("proposals/proposal_rows");
  const rows = asProposed({ rows: [row(7, 1, [2]), row(8, 2, []), row(9, null, [2])] });

  assert.deepEqual(chosen(withCrew(rows, 7, 2)), { 7: 2, 8: null, 9: null });
  assert.deepEqual(chosen(withCrew(rows, 9, 2)), { 7: 1, 8: null, 9: 2 });
});

test("what was sent stays sent, and what was refused says why until it is changed", async (t) => {
  const { asProposed, crewOf, rowsToSend, withCrew, withFates } = await openPage(t).script("proposals/proposal_rows");
  const rows = asProposed({ rows: [row(7, 1, [3]), row(8, 2, [3])] });

  const after = withFates(rows, { sent: [{ incident_id: 7, crew_id: 1 }], stale: [{ incident_id: 8, crew_id: 2, code: "crew_taken", detail: "taken" }] });

  assert.deepEqual(after.map(({ fate }) => fate), [{ sent: true }, { sent: false, code: "crew_taken", detail: "taken" }]);
  assert.deepEqual(rowsToSend(after).map(({ incident_id }) => incident_id), [8]);
  const changed = withCrew(after, 8, 3);
  assert.equal(changed[1].fate, null);
  assert.equal(crewOf(changed[1]).crew_name, "Crew 3");
  assert.deepEqual(changed[0].fate, { sent: true });
});

test("an incident that needs two crews has two rows, each with its task", async (t) => {
  const { asProposed, rowsToSend, withCrew, withFates } = await openPage(t).script("proposals/proposal_rows");
  const rows = asProposed({ rows: [{ ...row(7, 1, [2]), row: 0, task: { code: "repair" } }, { ...row(7, 2, [1]), row: 1, task: { code: "cordon" } }] });

  const traded = withCrew(rows, 0, 2);
  const after = withFates(traded, { sent: [{ incident_id: 7, crew_id: 2 }], stale: [{ incident_id: 7, crew_id: 1, code: "crew_taken", detail: "taken" }] });

  assert.deepEqual(rowsToSend(traded).map(({ task, crew_id }) => [task, crew_id]), [["repair", 2], ["cordon", 1]]);
  assert.deepEqual(after.map(({ fate }) => fate.sent), [true, false]);
});
