import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const order = (id, crew, state) => ({ id, incident_id: 41, crew_id: id, crew_name: crew, state, rank: 0 });
const incident = (...assignments) => ({ id: 41, state: assignments.length ? "assigned" : "open", kind: "gas_leak", assignments });

/** The candidates' section of incident 41, and whether it shows the list now. */
async function openSection(t) {
  const page = openPage(t);
  const store = await page.script("core/store");
  const { CandidatesSection } = await page.script("sending/candidate_section");
  page.answer("/incidents/41/candidates", { incident_version: 3, radius_m: 4000, computed_at: new Date().toISOString(), candidates: [] });
  const section = new CandidatesSection(41);
  const show = (shown) => {
    store.putIncident(shown);
    section.update(shown);
    return section.node.querySelector(".candidates-panel") !== null;
  };
  return { section, show };
}

test("the list folds while somebody is coming and opens when an order is refused", async (t) => {
  const { show } = await openSection(t);

  assert.equal(show(incident()), true);
  assert.equal(show(incident(order(1, "A", "offered"))), false);
  assert.equal(show(incident(order(1, "A", "accepted"))), false);
  assert.equal(show(incident(order(1, "A", "accepted"), order(2, "B", "declined"))), true);
  assert.equal(show(incident(order(1, "A", "accepted"), order(2, "B", "declined"), order(3, "C", "offered"))), false);
});

test("opened by a click it stays open until somebody is sent", async (t) => {
  const { section, show } = await openSection(t);
  show(incident(order(1, "A", "offered")));

  section.node.querySelector("button.another").click();

  assert.equal(show(incident(order(1, "A", "accepted"))), true);
  assert.equal(show(incident(order(1, "A", "withdrawn"), order(2, "B", "offered"))), false);
});

test("what is replaced is what was chosen, else what is not answered, else the only one", async (t) => {
  const page = openPage(t);
  const { toReplace, replacesFirst } = await page.script("sending/replacing");
  const [offered, driving, other, there] = [order(1, "A", "offered"), order(2, "B", "en_route"), order(3, "C", "accepted"), order(4, "D", "on_scene")];

  assert.equal(toReplace(incident(offered, driving)), offered);
  assert.equal(toReplace(incident(offered, driving), 2), driving);
  assert.equal(toReplace(incident(driving, there)), driving);
  assert.equal(toReplace(incident(driving, other)), null);
  assert.equal(toReplace(incident(there)), null);
  assert.equal(toReplace(undefined), null);
  assert.deepEqual([replacesFirst(offered), replacesFirst(driving), replacesFirst(driving, 2), replacesFirst(null)], [true, false, true, false]);
});
