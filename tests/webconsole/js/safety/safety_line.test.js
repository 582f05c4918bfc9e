import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const at = (minutesAgo) => new Date(Date.now() - minutesAgo * 60000).toISOString();
const WATCH = { well_at: at(5), heard_at: at(5), due_at: at(-10), state: "well", place: null, escalated_at: null };

test("a check-in says until when the crew was well, and what is not known since", async (t) => {
  const { checkInWords } = await openPage(t).script("safety/safety_line");

  assert.match(checkInWords(WATCH), /^all right at .+ · next in \d\d:\d\d$/);
  assert.match(checkInWords({ ...WATCH, state: "missed", well_at: at(20), heard_at: at(20) }), /^was all right at .+ · nothing for 20 min$/);
  assert.match(checkInWords({ ...WATCH, state: "missed", well_at: at(27), heard_at: at(0), place: "indoors" }), /was all right at .+, heard 27 min later · nothing for 27 min · Indoors/);
});

test("the alarm of a silent crew begins when it was missed, that of help when it was asked for", async (t) => {
  const { CHECK_IN_MISSED, HELP_WANTED } = await openPage(t).script("safety/safety_alarms");
  const order = { crew_name: "Alba", safety: { check_in: { ...WATCH, missed_at: at(1) }, help: { what: "police", received_at: at(2) } } };

  assert.equal(CHECK_IN_MISSED.since({ safety: { check_in: { missed_at: null }, help: null } }), null);
  assert.equal(CHECK_IN_MISSED.since({ safety: null }), null);
  assert.equal(CHECK_IN_MISSED.since(order), order.safety.check_in.missed_at);
  assert.equal(HELP_WANTED.since(order), order.safety.help.received_at);
  assert.equal(HELP_WANTED.short(order), "needs help: Police");
});
