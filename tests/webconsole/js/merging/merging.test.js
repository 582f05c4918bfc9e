import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const KINDS = [{ code: "gas_leak", utility: "gas", name_en: "Gas leak", name_zh: "燃气泄漏", default_priority: 1 }];
const AT = "2026-11-29T10:00:00.000Z";
const INCIDENT = {
  id: 1, kind: "gas_leak", priority: 1, state: "open", version: 1, lon: 7, lat: 60, address: "", assignments: [],
  reported_at: AT, danger_radius_m: 100, danger_radius_set: false, merged_into: null, merged_count: 0, reports_count: 1,
};

test("only what is open and within the radius lies inside the danger, the nearest first", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { putIncident } = await page.script("core/store");
  const { insideDanger } = await page.script("merging/inside_danger");
  // 0.001 degrees of longitude at 60 degrees north are 56 m, of latitude 111 m.
  for (const other of [
    { ...INCIDENT, id: 2, lon: 7.001 },
    { ...INCIDENT, id: 3, lat: 60.001 },
    { ...INCIDENT, id: 4, lon: 7.0005 },
    { ...INCIDENT, id: 5, state: "merged", merged_into: 2 },
    INCIDENT,
  ]) putIncident(other);

  assert.deepEqual(insideDanger(INCIDENT).map(({ incident }) => incident.id), [4, 2]);
  assert.deepEqual(insideDanger({ ...INCIDENT, danger_radius_m: null }), []);
});

test("a kind's new danger radius holds for each incident that has none of its own", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { emit, putIncident, state } = await page.script("core/store");
  await page.script("merging/danger_section");
  putIncident(INCIDENT);
  putIncident({ ...INCIDENT, id: 2, danger_radius_m: 30, danger_radius_set: true });

  emit("event", { kind: "kind.danger_set", incident_id: null, data: { kind: "gas_leak", radius_m: 150 } });

  assert.deepEqual([1, 2].map((id) => state.incidents.get(id).danger_radius_m), [150, 30]);
});

test("who opens a merged incident is led to the one that goes on", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { select, state } = await page.script("core/store");
  const { follow } = await page.script("merging/following");
  select("incident", 1);

  assert.equal(follow(INCIDENT), false);
  assert.equal(state.selection.id, 1);
  assert.equal(follow({ ...INCIDENT, state: "merged", merged_into: 9 }), true);
  assert.deepEqual(state.selection, { kind: "incident", id: 9 });
});

test("once the work is done those who wait for a word are on top, and a tick keeps its row", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { emit } = await page.script("core/store");
  const { incidentSections } = await page.script("incidents/section_registry");
  await page.script("records/reports");
  const person = { name: "Ann", phone: "06", channel: "call", words: "", first_told_at: AT, last_told_at: AT, report_ids: [7], call_back: null };
  const report = { id: 7, incident_id: 1, channel: "call", told_at: AT, received_at: AT, taken_by: "dora", caller_name: "Ann", caller_phone: "06", words: "", reference: "", call_back: null };
  page.answer("/incidents/1/reports?", { reports: [report], total: 1, to_call_back: 1, next_after_id: null });
  page.answer("/incidents/1/call-backs", { people: [person], total: 1, to_call_back: 1 });
  const called = { called_at: AT, called_by: "dora", note: "" };
  page.answer("/incidents/1/reports/7/call-back", { ...report, call_back: called });
  const part = incidentSections().find(({ id }) => id === "reports").make(1);
  t.after(() => part.close());

  part.update({ ...INCIDENT, state: "open" });
  await page.settle();
  assert.equal(part.node.querySelector(".people"), null);

  part.update({ ...INCIDENT, state: "resolved", version: 2 });
  await page.settle();
  const box = part.node.querySelector(".people input");
  box.checked = true;
  box.dispatchEvent(new Event("change"));
  await page.settle();
  assert.deepEqual(page.asked.findLast(({ method }) => method === "POST").body.called, true);

  page.answer("/incidents/1/call-backs", { people: [{ ...person, call_back: called }], total: 1, to_call_back: 0 });
  emit("event", { kind: "report.called_back", incident_id: 1, data: {} });
  await page.settle();
  assert.equal(part.node.querySelectorAll(".people .call-back.called").length, 1);
});
