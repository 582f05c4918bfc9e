import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const HARBOUR = { kind: "district", name: "Harbour", name_zh: "港区" };
const restore = { crew_id: 9, crew_name: "West 9", lon: 7.4, lat: 43.7, place: "Depot", travel_time_s: 360, restored_pct: 93 };
const cover = { crew_id: 4, area: HARBOUR, before_pct: 94, after_pct: 81, restore };

test("cover is said in the words of the desk, quarters by the compass", async (t) => {
  const { areaName, coverWords } = await openPage(t).script("cover/cover_labels");

  assert.equal(coverWords(cover, 600), "10-min cover of Harbour 94 → 81 %");
  assert.equal(areaName({ kind: "quarter", name: "north-west", name_zh: "" }), "the north-west");
});

test("an area has its Chinese name on a Chinese page, if it has one", async (t) => {
  const { areaName } = await openPage(t, { boot: { locale: "zh" } }).script("cover/cover_labels");

  assert.equal(areaName(HARBOUR), "港区");
  assert.equal(areaName({ ...HARBOUR, name_zh: "" }), "Harbour");
});

test("the first idle rows are asked about once the list is there, and say what a send uncovers", async (t) => {
  const page = openPage(t);
  const { putIncident, select, setCandidates } = await page.script("core/store");
  await page.script("cover/candidate_cover");
  const { candidateActs, candidateNotes } = await page.script("sending/candidate_notes");
  const incident = { id: 7, version: 1, state: "open", assignments: [] };
  const row = (crew_id, active = 0, verdict = "possible") => ({ crew_id, crew_name: `Crew ${crew_id}`, verdict, workload: { active } });
  page.answer("/incidents/7/cover?crew_ids=4,6,8", { within_s: 600, known: true, crews: [cover, { crew_id: 6, area: null }, { crew_id: 8, area: null }] });
  page.answer("/moveups", { move_ups: [] });
  putIncident(incident);
  select("incident", 7);

  setCandidates({ candidates: [row(4), row(5, 1), row(6), row(8), row(9), row(3, 0, "excluded")] });
  await page.settle();

  const [act] = candidateActs();
  assert.deepEqual(candidateNotes(row(4), incident), [{ text: "10-min cover of Harbour 94 → 81 %", look: "warn" }]);
  assert.deepEqual(candidateNotes(row(6), incident), []);
  assert.equal(act.label(row(4), incident), "Move up West 9");
  assert.equal(act.label(row(6), incident), null);
  assert.equal(act.title(row(4), incident), "West 9 to Depot (6 min): cover of Harbour 93 %");
});
