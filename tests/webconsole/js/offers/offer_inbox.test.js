import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const OFFER = { id: 7, state: "open", incident_id: 1, kind: "gas_leak", priority: 1, made_at: "2026-01-31T08:40:00Z", accept_until: "2026-01-31T08:41:00Z", asked: 3 };

/** The offers of crew 5, asked for one and showing it. */
async function inboxWith(t, { shown = true } = {}) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:40:05Z") });
  const { OfferInbox } = await page.script("offers/offer_inbox");
  const told = { changed: 0, won: 0 };
  const inbox = new OfferInbox(5, { changed: () => (told.changed += 1), won: () => (told.won += 1) });
  inbox.take([OFFER]);
  page.answer("/offers/7/seen", {});
  if (shown) inbox.see(OFFER);
  return { page, inbox, told };
}

const taken = { kind: "offer.taken", crew_id: 6, at: "2026-01-31T08:40:06Z", data: { offer_id: 7, crew: "North 2" } };

test("an offer made is asked for, and told as seen once it is shown", async (t) => {
  const { page, inbox } = await inboxWith(t, { shown: false });
  page.answer("/crews/5/offers", { offers: [OFFER, { ...OFFER, id: 8 }] });

  assert.equal(inbox.heard({ kind: "offer.made", crew_id: null, data: { offer_id: 8, asked: [5, 6] } }), true);
  await page.settle();
  inbox.see(inbox.first.offer);
  inbox.see(inbox.first.offer);

  assert.deepEqual([inbox.first.live, inbox.first.count], [true, 2]);
  assert.deepEqual(page.requests(), ["GET /crews/5/offers", "POST /offers/7/seen"]);
});

test("the others see at once who took it, without asking the server, and for a moment only", async (t) => {
  const { page, inbox } = await inboxWith(t);

  inbox.heard(taken);

  assert.deepEqual([inbox.first.live, inbox.first.offer.state, inbox.first.offer.taken_by], [false, "taken", "North 2"]);
  assert.deepEqual(page.requests(), ["POST /offers/7/seen"]);
  t.mock.timers.setTime(Date.parse("2026-01-31T08:41:30Z"));
  assert.equal(inbox.first, null);
});

test("what was never on the screen ends without a word", async (t) => {
  const { inbox } = await inboxWith(t, { shown: false });

  inbox.heard(taken);

  assert.equal(inbox.first, null);
});

test("accepting too late shows who was faster; without signal it can be tried again under the same name", async (t) => {
  const { page, inbox, told } = await inboxWith(t);
  page.answer("/offers/7/accept", {}, { offline: true });
  await inbox.accept(OFFER);
  assert.match(inbox.first.failed, /did not answer/);

  page.answer("/offers/7/accept", { code: "offer_taken", by: "North 2", detail: "Taken by North 2." }, { status: 409 });
  await inbox.accept(OFFER);

  assert.deepEqual([inbox.first.live, inbox.first.offer.taken_by, told.won], [false, "North 2", 0]);
  const names = page.asked.filter(({ path }) => path.endsWith("/accept")).map(({ body }) => body.client_id);
  assert.equal(names[0], names[1]);
  inbox.heard(taken); // the stream tells it too: it is shown once
  inbox.dismiss();
  inbox.heard(taken);
  assert.equal(inbox.first, null);
});

test("who wins gets the order; whoever declines is not asked any more", async (t) => {
  const { page, inbox, told } = await inboxWith(t);
  page.answer("/offers/7/accept", { id: 99, state: "accepted" }, { status: 201 });
  await inbox.accept(OFFER);
  assert.deepEqual([inbox.first, told.won], [null, 1]);

  inbox.take([{ ...OFFER, id: 8 }]);
  page.answer("/offers/8/decline", {});
  await inbox.decline(inbox.first.offer);
  assert.equal(inbox.first, null);
});

test("an offer that nobody took is an alarm without an order, until somebody is sent", async (t) => {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:42:00Z") });
  const store = await page.script("core/store");
  const { watchAlarms, openAlarms, acknowledge } = await page.script("notifications/alarms");
  const { alarmShort } = await page.script("notifications/alarm_kinds");
  const offer = { ...OFFER, state: "expired", ended_at: "2026-01-31T08:41:00Z" };
  const incident = { id: 1, kind: "gas_leak", priority: 1, version: 3, state: "open", acknowledgements: [], assignments: [], offer };
  store.state.loading.incidents = "ready";
  store.state.incidents.set(1, incident);
  watchAlarms();
  assert.deepEqual(openAlarms().map(({ kind, since }) => [kind, since]), [["untaken", offer.ended_at]]);
  assert.equal(alarmShort(openAlarms()[0]), "Nobody accepted in time");

  page.answer("/incidents/1/acknowledgements", { alarm: "untaken", incident_id: 1, assignment_id: null, by: "Li", at: "2026-01-31T08:42:00Z", until: "2026-01-31T08:44:00Z" }, { status: 201 });
  await acknowledge();
  store.emit("tick");
  assert.equal(openAlarms().length, 0);

  // Acknowledged was that one, not the next.
  store.state.incidents.set(1, { ...store.state.incidents.get(1), offer: { ...offer, id: 8, ended_at: "2026-01-31T08:42:30Z" } });
  t.mock.timers.setTime(Date.parse("2026-01-31T08:42:31Z"));
  store.emit("tick");
  assert.equal(openAlarms().length, 1);
  store.state.incidents.set(1, { ...incident, assignments: [{ id: 1, state: "offered", asked_at: "2026-01-31T08:42:40Z", offered_at: "2026-01-31T08:42:40Z" }] });
  t.mock.timers.setTime(Date.parse("2026-01-31T08:42:41Z"));
  store.emit("tick");
  assert.equal(openAlarms().length, 0);
});
