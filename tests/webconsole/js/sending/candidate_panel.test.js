import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const CANDIDATE = { crew_id: 7, crew_name: "Crew 12", verdict: "recommended", reasons: [], distance_m: 1200,
  travel_time_s: 240, free_in_s: 0, fix_age_s: 4, workload: { active: 0 } };

/** The candidates of incident 41: crew 7, recommended; the incident was at version 3. */
async function openCandidates(t) {
  const page = openPage(t);
  const store = await page.script("core/store");
  const { CandidatesPanel } = await page.script("sending/candidate_panel");
  page.answer("/incidents/41/candidates", { incident_version: 3, radius_m: 4000, computed_at: new Date().toISOString(), candidates: [CANDIDATE] });
  store.putIncident({ id: 41, state: "open", kind: "gas_leak", assignments: [] });
  const panel = new CandidatesPanel(41);
  await page.settle();
  return { page, store, panel };
}

test("candidates that were closed ask no more", async (t) => {
  // The handle of the radius came to rest just as another incident was chosen.
  const { page, store, panel } = await openCandidates(t);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  for (const metres of [2000, 2100]) {
    store.setRadius(metres);
    t.mock.timers.tick(0);
  }
  await page.settle();
  const before = page.asked.length;

  panel.close();
  t.mock.timers.tick(1000);
  await page.settle();

  assert.equal(page.asked.length, before);
  assert.equal(store.state.candidates, null);
});

test("a row sends by the answer it was made of", async (t) => {
  // Whatever another panel, or another window, last put on the map.
  const { page, store, panel } = await openCandidates(t);
  store.setCandidates({ incident_version: 99, radius_m: 100, candidates: [] });

  panel.node.querySelector(".send").click();
  await page.settle();

  const { body } = page.asked.find(({ method }) => method === "POST");
  assert.deepEqual(body, { crew_id: 7, expected_version: 3, radius_m: 4000 });
});

test("a list without road times says why, and a time that is driven with blue lights says so", async (t) => {
  // Straight distance is all there is: it must not look as if no road led there.
  const { page, panel } = await openCandidates(t);
  const note = () => panel.node.querySelector(".outside-note");
  const facts = () => panel.node.querySelector(".facts").textContent;
  const answer = { incident_version: 3, radius_m: 4000, computed_at: new Date().toISOString() };
  assert.equal(note().hidden, true);
  assert.doesNotMatch(facts(), /blue lights/);

  page.answer("/incidents/41/candidates", { ...answer, travel_times: "known", candidates: [{ ...CANDIDATE, profile: "emergency" }] });
  await panel.refresh();
  assert.equal(panel.node.querySelector(".arrival").textContent, "4 min");
  assert.match(facts(), /^with blue lights · /);

  page.answer("/incidents/41/candidates", { ...answer, travel_times: "unavailable", candidates: [{ ...CANDIDATE, travel_time_s: null, verdict: "possible", reasons: ["no_road_time"] }] });
  await panel.refresh();
  assert.match(note().textContent, /Road times cannot be computed at the moment/);
  assert.equal(note().hidden, false);
});
