import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a desk is told when nobody acts on deadlines, though what it shows is live", async (t) => {
  const page = openPage(t);
  const { connectionPanel } = await page.script("live/connection_panel");
  const { emit, setConnection } = await page.script("core/store");
  const { now } = await page.script("core/clock");
  const [chip, alarm] = [document.createElement("div"), document.createElement("div")];
  connectionPanel(chip, alarm);

  setConnection({ phase: "live", heardAt: now(), overdueS: 5 });
  emit("tick");
  assert.equal(alarm.textContent, "");

  setConnection({ overdueS: 45 });
  emit("tick");
  assert.match(alarm.textContent, /Nobody watches the deadlines/);
  assert.equal(document.body.classList.contains("is-stale"), false);

  setConnection({ overdueS: 0 });
  emit("tick");
  assert.equal(alarm.textContent, "");
});

test("a desk is told when what is committed is on one machine only", async (t) => {
  const page = openPage(t);
  const { connectionPanel } = await page.script("live/connection_panel");
  const { emit, setConnection } = await page.script("core/store");
  const { now } = await page.script("core/clock");
  const [chip, alarm] = [document.createElement("div"), document.createElement("div")];
  connectionPanel(chip, alarm);

  setConnection({ phase: "live", heardAt: now(), standbyLostS: 12 });
  emit("tick");
  assert.equal(alarm.textContent, "");

  setConnection({ standbyLostS: 42 });
  emit("tick");
  assert.match(alarm.textContent, /standby of the database is away/);
  assert.equal(document.body.classList.contains("is-stale"), false);
});
