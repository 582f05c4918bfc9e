import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const ORDER = { id: 1, state: "offered", rank: 0, crew_name: "East 1", offered_at: "2026-01-31T08:00:00Z" };
const UNTIL = { alarm: "unanswered", incident_id: 1, assignment_id: 1, by: "Li", at: "2026-01-31T08:40:00Z" };

/** A page that was loaded at 08:40:05, an offer being left a minute, an accepted order five. */
async function deskWith(t, order, { state: incidentState = "assigned", acknowledgements = [] } = {}) {
  const page = openPage(t, { boot: { set_out_s: 300 } });
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:40:05Z") });
  const store = await page.script("core/store");
  const alarms = await page.script("notifications/alarms");
  store.state.loading.incidents = "ready";
  store.state.incidents.set(1, { id: 1, kind: "gas_leak", priority: 1, version: 3, state: incidentState, acknowledgements, assignments: [{ ...ORDER, ...order }] });
  const heard = [];
  store.on("alarm", ({ key }) => heard.push(key));
  alarms.watchAlarms();
  return { page, store, heard, ...alarms };
}

const kinds = (alarms) => alarms.map(({ kind, since }) => [kind, since]);

test("an order that moved up is unanswered from then on, in a new window too", async (t) => {
  // Queued for 40 minutes and asked of its crew for five seconds is no alarm.
  assert.deepEqual(kinds((await deskWith(t, { asked_at: "2026-01-31T08:40:00Z" })).openAlarms()), []);
  assert.deepEqual(kinds((await deskWith(t, { asked_at: null, rank: 1 })).openAlarms()), []);
  assert.deepEqual(kinds((await deskWith(t, { asked_at: "2026-01-31T08:39:00Z" })).openAlarms()), [["unanswered", "2026-01-31T08:39:00Z"]]);
});

test("who accepted and does not set out is alarmed of, not who has to finish another order first", async (t) => {
  const accepted = { state: "accepted", asked_at: "2026-01-31T08:30:00Z", accepted_at: "2026-01-31T08:34:00Z" };

  assert.deepEqual(kinds((await deskWith(t, accepted)).openAlarms()), [["not_set_out", "2026-01-31T08:34:00Z"]]);
  assert.deepEqual(kinds((await deskWith(t, { ...accepted, rank: 1 })).openAlarms()), []);
  assert.deepEqual(kinds((await deskWith(t, { ...accepted, accepted_at: "2026-01-31T08:36:00Z" })).openAlarms()), []);
});

test("an acknowledgement silences until its time is over; then it is loud again", async (t) => {
  const desk = await deskWith(t, { asked_at: "2026-01-31T08:39:00Z" }, { acknowledgements: [{ ...UNTIL, until: "2026-01-31T08:42:00Z" }] });
  assert.deepEqual([desk.openAlarms().length, desk.alarmOf(1).seen.by, desk.heard], [0, "Li", []]);

  t.mock.timers.setTime(Date.parse("2026-01-31T08:42:01Z"));
  desk.store.emit("tick");

  assert.deepEqual([desk.openAlarms().length, desk.alarmOf(1).seen, desk.alarmOf(1).last.by], [1, null, "Li"]);
  assert.deepEqual(desk.heard, ["unanswered:1"]);
});

test("what was refused is an alarm until somebody is sent", async (t) => {
  const declined = { state: "declined", ended_at: "2026-01-31T08:40:00Z" };

  assert.deepEqual(kinds((await deskWith(t, declined, { state: "open" })).openAlarms()), [["refused", "2026-01-31T08:40:00Z"]]);
  assert.deepEqual(kinds((await deskWith(t, declined, { state: "closed" })).openAlarms()), []);
});

test("acknowledging asks the server, and stays loud when that does not answer", async (t) => {
  const desk = await deskWith(t, { asked_at: "2026-01-31T08:39:00Z" });
  await desk.acknowledge();
  assert.equal(desk.openAlarms().length, 1);

  desk.page.answer("/incidents/1/acknowledgements", { ...UNTIL, until: "2026-01-31T08:42:00Z" }, { status: 201 });
  await desk.acknowledge();
  desk.store.emit("tick");

  const [, { method, path, body }] = desk.page.asked;
  assert.deepEqual([method, path, body.alarm, body.assignment_id], ["POST", "/incidents/1/acknowledgements", "unanswered", 1]);
  assert.equal(desk.openAlarms().length, 0);
});

test("what an earlier release kept in this browser is forgotten", async (t) => {
  const page = openPage(t);
  localStorage.setItem("nearcrew-acknowledged", '["unanswered:1"]');
  const { watchAlarms } = await page.script("notifications/alarms");

  watchAlarms();

  assert.equal(localStorage.getItem("nearcrew-acknowledged"), null);
});

test("a recall that nobody confirms for a minute is an alarm, until it is confirmed or lapses", async (t) => {
  const of = async (notice) => kinds((await deskWith(t, { state: "withdrawn", notice: { id: 5, kind: "recalled", understood_at: null, lapsed_at: null, ...notice } })).openAlarms());

  assert.deepEqual(await of({ made_at: "2026-01-31T08:39:06Z" }), []);
  assert.deepEqual(await of({ made_at: "2026-01-31T08:39:05Z" }), [["unconfirmed", "2026-01-31T08:39:05Z"]]);
  assert.deepEqual(await of({ made_at: "2026-01-31T08:39:05Z", understood_at: "2026-01-31T08:40:00Z" }), []);
  assert.deepEqual(await of({ made_at: "2026-01-31T08:39:05Z", lapsed_at: "2026-01-31T08:40:00Z" }), []);
});

test("the server's deadline counts where it is known, and what is the supervisor's is one alarm", async (t) => {
  const asked = { asked_at: "2026-01-31T08:35:00Z" };
  const waiting = { waiting: "answer", alarm_at: "2026-01-31T08:40:30Z", supervisor_at: null };
  assert.deepEqual(kinds((await deskWith(t, { ...asked, chain: waiting })).openAlarms()), []);
  const over = { ...waiting, alarm_at: "2026-01-31T08:40:00Z" };
  assert.deepEqual(kinds((await deskWith(t, { ...asked, chain: over })).openAlarms()), [["unanswered", asked.asked_at]]);
  const called = { ...over, supervisor_at: "2026-01-31T08:40:01Z" };
  assert.deepEqual(kinds((await deskWith(t, { ...asked, chain: called })).openAlarms()), [["supervisor", called.supervisor_at]]);
});

test("who declined is the supervisor's until somebody else is sent", async (t) => {
  const declined = { state: "declined", ended_at: "2026-01-31T08:39:00Z", chain: { waiting: "answer", supervisor_at: "2026-01-31T08:40:01Z" } };

  assert.deepEqual(kinds((await deskWith(t, declined, { state: "open" })).openAlarms()), [["supervisor", "2026-01-31T08:40:01Z"]]);
  assert.deepEqual(kinds((await deskWith(t, declined)).openAlarms()), []);
});
