// Labels of tickets, and of candidates whose ticket has ended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const BOOT = {
  skills: [{ code: "gas", name_en: "Gas", name_zh: "燃气" }],
  equipment: [{ code: "pump", name_en: "Pump", name_zh: "抽水泵" }],
  kinds: [{ code: "gas_leak", skill: "gas" }],
};
const candidate = (reasons, more = {}) => ({ crew_id: 7, verdict: "excluded", reasons, lapsed: [], lacks_equipment: [], workload: { active: 0 }, ...more });

test("an expired ticket is told with its day, a missing skill is not", async (t) => {
  const page = openPage(t, { boot: BOOT });
  const { skillChips, verdictLabel } = await page.script("sending/candidate_labels");
  const expired = candidate(["ticket_expired"], { lapsed: [{ skill: "gas", how: "expired", day: "2026-11-30" }] });

  assert.equal(verdictLabel(expired, null, { short: true }), "Gas ticket expired on 30 Nov 2026");
  assert.equal(verdictLabel(candidate(["lacks_skill"]), null), "lacks the skill");
  assert.deepEqual(skillChips(expired, { kind: "gas_leak" }, { skills: [] }), [{ code: "gas", has: "lacks" }]);
});

test("what a crew does not bring is named", async (t) => {
  const page = openPage(t, { boot: BOOT });
  const { verdictLabel } = await page.script("sending/candidate_labels");

  assert.equal(verdictLabel(candidate(["lacks_equipment"], { lacks_equipment: ["pump", "crane"] }), null), "does not bring: Pump, crane");
});

test("a ticket says how long it is still valid, counted in days", async (t) => {
  const page = openPage(t, { boot: BOOT });
  const { expiryLabel } = await page.script("skills/ticket_labels");
  const soon = (days_left) => expiryLabel({ state: "expires_soon", valid_until: "2026-11-30", days_left });

  assert.deepEqual([soon(0), soon(1), soon(12)], ["expires today", "expires on 30 Nov 2026, in 1 day", "expires on 30 Nov 2026, in 12 days"]);
  assert.equal(expiryLabel({ state: "valid", valid_until: "2027-11-30", days_left: 365 }), "");
});

test("a retired crew goes from the board, whoever tells of it", async (t) => {
  const page = openPage(t, { boot: BOOT });
  const store = await page.script("core/store");
  store.putCrew({ id: 7, name: "Crew 12" });

  store.putCrew({ id: 7, name: "Crew 12", retired_at: "2026-11-30T08:00:00Z" });

  assert.equal(store.state.crews.has(7), false);
});

test("members are shown with tickets that press and not with those that were renewed", async (t) => {
  const page = openPage(t, { boot: BOOT });
  const ticket = (state, days_left) => ({ skill: "gas", state, valid_until: "2026-11-30", days_left });
  const member = (name, tickets) => ({ name, present: true, leads: false, phone: "", tickets });
  page.answer("/crews/7/card", { members: [member("Person A", [ticket("expired", -1)]), member("Person B", [ticket("expired", -1), ticket("valid", 200)])], vehicles: [] });
  const { CrewPeople } = await page.script("crews/crew_people");

  const { node } = new CrewPeople(7);
  await page.settle();

  assert.equal(node.hidden, false);
  assert.deepEqual([...node.querySelectorAll("li")].map((row) => row.textContent), ["Person A✕ Gas: expired on 30 Nov 2026", "Person B"]);
});
