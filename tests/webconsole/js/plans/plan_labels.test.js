import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const CORDON = { task: "cordon", name_en: "Cordon crew", name_zh: "警戒班组" };
const EXCAVATOR = { task: "excavator", name_en: "Excavator", name_zh: "挖掘机" };
const incident = (fields, more = {}) => ({
  state: "assigned", assignments: [], ...more, attendance: { level: 2, highest_level: 3, needed: 3, assigned: 1, on_scene: 0, missing: [], ...fields },
});

test("what misses a crew is named once, with how many it misses", async (t) => {
  const page = openPage(t);
  const { attendanceLine, taskList } = await page.script("plans/plan_labels");

  assert.equal(taskList([CORDON, EXCAVATOR, CORDON]), "2 × Cordon crew, Excavator");
  assert.equal(attendanceLine({ needed: 2, assigned: 1, missing: [EXCAVATOR] }), "1 of 2 crews · Excavator missing");
  assert.equal(attendanceLine({ needed: 2, assigned: 2, missing: [] }), "2 of 2 crews");
  assert.equal(attendanceLine({ needed: 2, assigned: 0, missing: [CORDON, EXCAVATOR] }), "2 crews needed");
});

test("who works with one crew each reads nothing of plans and roles", async (t) => {
  const page = openPage(t);
  const { attendanceOf, isShort, partLine } = await page.script("plans/plan_labels");
  const lead = { role: "lead", task_name_en: "Gas crew", ended_at: null };
  const support = { role: "support", task_name_en: "Cordon crew", ended_at: null };
  const alone = incident({ needed: 1 }, { assignments: [lead] });
  const together = incident({ needed: 1 }, { assignments: [lead, support] });

  assert.equal(attendanceOf(alone), null);
  assert.equal(partLine(lead, alone), "");
  assert.equal(partLine(lead, together), "Leads the work · Gas crew");
  assert.equal(partLine(support, incident({ needed: 1 }, { assignments: [support] })), "Supports · Cordon crew");
  assert.equal(isShort(incident({ missing: [CORDON] })), true);
  assert.equal(isShort(incident({ missing: [CORDON] }, { state: "resolved" })), false);
});
