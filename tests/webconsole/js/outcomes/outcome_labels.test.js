import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const KNOWN = [{ code: "no_access", effect: "not_done", name_en: "Could not get in", name_zh: "无法进入现场" }];
const ENDED = {
  id: 7, crew_name: "Gas 1", state: "completed", ended_at: "2026-01-31T03:12:00", outcome: "no_access", outcome_effect: "not_done",
  outcome_name_en: "Could not get in", outcome_name_zh: "无法进入现场", result: "neighbour has key",
};
const NOT_DONE = { id: 1, kind: "gas_leak", state: "open", outcome_effect: "not_done", assignments: [ENDED] };

async function opened(t, locale = "en") {
  const page = openPage(t, { boot: { locale, known_outcomes: KNOWN } });
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T12:00:00") });
  return { page, labels: await page.script("outcomes/outcome_labels") };
}

test("what is not done says why, who, when, and what the crew advises", async (t) => {
  const { labels } = await opened(t);
  assert.equal(labels.notDoneLine(NOT_DONE), "Could not get in · Gas 1 · 03:12 · “neighbour has key”");
  assert.equal(labels.notDoneLine({ ...NOT_DONE, state: "assigned" }), "");
  assert.equal(labels.notDoneLine({ ...NOT_DONE, outcome_effect: "done" }), "");
});

test("what is only made safe is never shown as resolved", async (t) => {
  const { labels } = await opened(t);
  assert.equal(labels.shownState({ state: "resolved", outcome_effect: "follow_up" }), "made_safe");
  assert.equal(labels.incidentWord({ state: "resolved", outcome_effect: "follow_up" }), "Made safe, repair to follow");
  assert.equal(labels.incidentWord({ state: "resolved", outcome_effect: "done" }), "Resolved");
  assert.equal(labels.shownState({ state: "open", due_at: "2026-02-02T12:00:00" }), "due_later");
  assert.equal(labels.shownState({ state: "closed", outcome_effect: "follow_up" }), "closed");
});

test("an order that ended is named by its outcome, in the page's language", async (t) => {
  const { labels } = await opened(t, "zh");
  assert.equal(labels.orderWord(ENDED), "无法进入现场");
  assert.equal(labels.endedWith({ result: "no_access" }), "无法进入现场");
  assert.equal(labels.wordsOf({ result: "no_access" }), "");
  assert.equal(labels.wordsOf({ result: "Valve shut" }), "Valve shut");
});

test("closing begins with what the crew said of the end", async (t) => {
  const { labels } = await opened(t);
  const done = { ...ENDED, outcome_effect: "done", outcome_name_en: "Repaired", result: "gasket replaced" };
  assert.equal(labels.closingWords({ state: "resolved", assignments: [done] }), "Repaired: gasket replaced");
  assert.equal(labels.closingWords({ state: "open", assignments: [] }), "");
});

test("a follow-up waits for a crew two hours before it is due, and then is overdue", async (t) => {
  const { labels } = await opened(t);
  const due = (due_at) => ({ state: "open", follow_up_of: 1, due_at });
  assert.equal(labels.isLater(due("2026-01-31T14:01:00")), true);
  assert.equal(labels.isLater(due("2026-01-31T13:59:00")), false);
  assert.equal(labels.isLater({ ...due("2026-01-31T18:00:00"), outcome_effect: "not_done" }), false);
  assert.equal(labels.dueWords(due("2026-01-31T18:00:00")), "due 18:00");
  assert.equal(labels.dueWords(due("2026-01-31T11:00:00")), "overdue since 11:00");
});

test("the queue keeps what is due later, made safe and done apart from what waits", async (t) => {
  const { page } = await opened(t);
  const { groupOf, compare } = await page.script("queue/queue_order");
  const incident = (id, fields) => ({ id, priority: 2, reported_at: "2026-01-31T08:00:00", ...fields });
  const made = [
    incident(1, { state: "resolved", outcome_effect: "done" }),
    incident(2, { state: "resolved", outcome_effect: "follow_up" }),
    incident(3, { state: "open", due_at: "2026-02-02T08:00:00" }),
    incident(4, { state: "open", due_at: "2026-02-01T08:00:00" }),
    incident(5, { state: "open", outcome_effect: "not_done" }),
  ];
  assert.deepEqual(made.map(groupOf), ["done", "safe", "later", "later", "open"]);
  assert.deepEqual(made.sort(compare).map(({ id }) => id), [5, 4, 3, 2, 1]);
});
