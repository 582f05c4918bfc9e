import assert from "node:assert/strict";
import { test } from "node:test";
import { phone, until } from "../outbox/phone.js";

const ORDER = { id: 3, rank: 0, state: "offered", incident: { id: 5 }, chain: { step: 1 } };

test("taps are shown at once, each step only after the one before it, until the server says otherwise", async (t) => {
  const { page, server, tab } = phone(t);
  server.reached = false;
  const outbox = await tab();
  const { takeStep, withSteps } = await page.script("phone/order_steps");
  const stands = () => withSteps([ORDER]).map(({ state, pending }) => [state, pending]);

  const kept = takeStep(ORDER, "accept");
  assert.deepEqual(stands(), [["accepted", "unkept"]]);
  await kept;
  assert.deepEqual(stands(), [["accepted", "kept"]]);
  await takeStep(ORDER, "depart");
  const { at } = await takeStep(ORDER, "arrive");
  assert.equal(withSteps([ORDER])[0].arrived_at, at);
  await takeStep(ORDER, "complete");
  assert.deepEqual(stands(), []);

  server.refusals.set("/assignments/3/depart", { code: "wrong_state", state: "withdrawn", detail: "Withdrawn." });
  server.reached = true;
  outbox.flush({ atOnce: true });
  await until(page, () => outbox.refused().length === 3);
  assert.deepEqual(server.paths, ["/assignments/3/accept", "/assignments/3/depart"]);
  assert.deepEqual(stands(), [["offered", undefined]]);
});

test("the answer to a step stands before the next list comes", async (t) => {
  const { page } = phone(t);
  const { afterAnswer } = await page.script("phone/order_steps");
  const other = { ...ORDER, id: 4 };

  assert.deepEqual(afterAnswer([ORDER, other], { id: 3, state: "accepted", chain: null }), [{ ...ORDER, state: "accepted" }, other]);
  assert.deepEqual(afterAnswer([ORDER, other], { id: 3, state: "completed" }), [other]);
  assert.deepEqual(afterAnswer([ORDER], null), [ORDER]);
});

test("the newest duty that was tapped holds on the screen, and an SOS that nobody has heard is said to be unsent", async (t) => {
  const { page, server, tab } = phone(t);
  server.reached = false;
  await tab();
  const { tellDuty, withDuty } = await page.script("phone/crew_duty");
  const { safetyPending, tellSafety } = await page.script("safety/safety_outbox");
  const { sosNow } = await page.script("safety/crew_watch");
  const crew = { id: 7, duty: "off_duty" };
  await tellDuty(7, "on_duty");
  await tellDuty(7, "on_break");
  const { at } = await tellSafety(7, "sos", { lon: 7, lat: 43 });

  assert.equal(withDuty(crew).duty, "on_break");
  assert.equal(withDuty(null), null);
  assert.deepEqual(sosNow(null, safetyPending("sos")), { phase: "unsent", raisedAt: at });
});
