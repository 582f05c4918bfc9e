import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { openPage } from "../page.js";

const REPORTED = "2026-01-31T08:30:00Z";

/** What the clock of a row says at 08:41 of an incident with one order, or none. */
async function clockOf(t, state, order, alarm) {
  const page = openPage(t);
  t.mock.timers.reset();
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T08:41:00Z") });
  const { rowClock } = await page.script("queue/row_clock");
  const assignments = order ? [{ id: 1, rank: 0, offered_at: REPORTED, asked_at: "2026-01-31T08:36:00Z", ...order }] : [];
  const { big, what, loud } = rowClock({ state, reported_at: REPORTED, updated_at: REPORTED, assignments }, alarm);
  return [big, what, loud];
}

test("a row shows the clock that matters: of waiting, of silence, of the drive, of the work", async (t) => {
  assert.deepEqual(await clockOf(t, "open"), ["11:00", "waiting", false]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "offered" }), ["05:00", "no answer", false]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "offered", rank: 1, asked_at: null }), ["11:00", "queued", false]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "accepted", accepted_at: "2026-01-31T08:38:00Z" }), ["03:00", "not set out", false]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "en_route", eta_at: "2026-01-31T08:45:00Z" }), ["4 min", "until there", false]);
  assert.deepEqual(await clockOf(t, "on_scene", { state: "on_scene", arrived_at: "2026-01-31T08:40:30Z" }), ["00:30", "on scene", false]);
});

test("it is loud by how much the crew is late, and while an alarm is not acknowledged", async (t) => {
  assert.deepEqual(await clockOf(t, "assigned", { state: "en_route", eta_at: "2026-01-31T08:35:00Z" }), ["6 min", "late", true]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "offered" }, { seen: null }), ["05:00", "no answer", true]);
  assert.deepEqual(await clockOf(t, "assigned", { state: "offered" }, { seen: { by: "Li" } }), ["05:00", "no answer", false]);
});

test("of an incident that is over, a loud row says what the alarm is about and since when, not when it was resolved", async (t) => {
  const alarm = { kind: "unconfirmed", since: "2026-01-31T08:39:00Z", assignment: { id: 1, crew_name: "East 1" }, seen: null };

  assert.deepEqual(await clockOf(t, "resolved", null, alarm), ["02:00", "not confirmed", true]);
  assert.deepEqual(await clockOf(t, "resolved", null, { ...alarm, seen: { by: "Li" } }), ["11 min", "ago", false]);
});

test("loud letters are never those of a row that is over: they would be grey on red", async (t) => {
  const page = openPage(t);
  const css = readFileSync(new URL("../../../../webconsole/static/css/desk/queue.css", import.meta.url), "utf8");
  document.head.append(Object.assign(document.createElement("style"), { textContent: `:root { --alarm-ink: #fff; --ink-2: #555; } ${css}` }));

  for (const look of ["done", "gone"]) {
    document.body.innerHTML = `<ul><li class="${look}"><span class="timer loud"></span><span class="timer"></span></li></ul>`;
    const [loud, quiet] = [...document.querySelectorAll(".timer")].map((node) => page.window.getComputedStyle(node).color);
    assert.deepEqual([loud, quiet], ["#fff", "#555"], look);
  }
});
