import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

const LEL = { code: "lel", name_en: "Gas", name_zh: "燃气", type: "number", required: true, unit_en: "% LEL", unit_zh: "% LEL", least: 0, most: 100, alarm_low: null, warn_low: null, warn_high: 10, alarm_high: 20, choices: [] };
const TIGHT = { ...LEL, code: "tight", name_en: "Tight", name_zh: "严密", type: "yes_no", required: false, least: null, most: null, warn_high: null, alarm_high: null };
const form = (code, asked, fields) => ({ code, version: 3, name_en: code, name_zh: code, kinds: [], asked, fields, sort: 1, retired: false });
const SHEET = { kind: "gas_leak", forms: [form("reading", "on_scene", [LEL, TIGHT]), form("last", "before_completing", [LEL])], codes: [{ code: "wear", group: "cause", name_en: "Wear", name_zh: "磨损" }], parts: [{ code: "hose", name_en: "Hose", name_zh: "软管", unit_en: "m", unit_zh: "米" }] };
const OUTCOMES = [{ code: "repaired", effect: "done", name_en: "Repaired", name_zh: "已修复" }, { code: "no_access", effect: "not_done", name_en: "No", name_zh: "否" }];
const order = () => ({ id: 8, state: "on_scene", arrived_at: new Date(Date.now() - 42 * 60000).toISOString(), incident: { id: 4, kind: "gas_leak", priority: 1, address: "Quai 7" } });

/** The crew's page as far as forms need it, with an outbox that keeps what it is given. */
async function opened(t, { boot = {}, measurements = [] } = {}) {
  const page = openPage(t, { boot: { arrive_radius_m: 60, username: "gas", known_outcomes: OUTCOMES, ...boot } });
  page.answer("/work-sheets/gas_leak", SHEET);
  page.answer("/incidents/4/measurements", { measurements });
  const { outbox } = await page.script("outbox/outbox");
  const sent = outbox.actions;
  const parts = await page.script("phone/crew_parts");
  const { bringForms } = await page.script("forms/phone_forms");
  bringForms({ orders: () => [order()], place: () => null });
  await parts.loadParts();
  const screen = () => parts.screenOfParts({ urgent: false })?.node() ?? null;
  const lines = () => parts.linesOfParts(order())[0];
  const type = (node, text) => {
    node.value = text;
    fire(node, "input");
  };
  return { page, parts, sent, screen, lines, type };
}

test("a number beyond the alarm limit is told by a word and a sign at once, and goes with its unit and time", async (t) => {
  const { sent, screen, lines, type } = await opened(t);
  lines().querySelector(".measure").click();
  const shown = screen();
  const input = shown.querySelector("input.number");
  assert.equal(shown.querySelector(".go").disabled, true);

  type(input, "12,5");
  assert.match(shown.querySelector(".limit-said").textContent, /▲ beyond the warning limit/);
  type(input, "35");
  assert.match(shown.querySelector(".limit-said").textContent, /◆ beyond the alarm limit The desk is told/);
  type(input, "350");
  assert.match(shown.querySelector(".limit-said").textContent, /Between 0 and 100/);
  assert.equal(shown.querySelector(".go").disabled, true);
  type(input, "35,5");
  fire(shown, "submit");

  assert.equal(sent.length, 1);
  const { path, body, clock } = sent[0];
  assert.deepEqual([path, clock], ["/assignments/8/measurements", "occurred_at"]);
  assert.deepEqual(body, { form: "reading", version: 3, values: { lel: 35.5 } });
  assert.equal(screen(), null);
  assert.match(lines().querySelector(".measured-row").textContent, /Gas 35.5 % LEL ◆ beyond the alarm limit waits to be sent/);
});

test("what was typed is there again when the form is opened again", async (t) => {
  const { screen, lines, type } = await opened(t);
  lines().querySelector(".measure").click();
  type(screen().querySelector("input.number"), "7,5");
  const yes = screen().querySelectorAll(".choice input")[0];
  yes.checked = true;
  fire(yes, "change");
  screen().querySelector(".plain").click();
  assert.equal(screen(), null);

  lines().querySelector(".measure").click();

  assert.equal(screen().querySelector("input.number").value, "7,5");
  assert.equal(screen().querySelectorAll(".choice input")[0].checked, true);
});

test("before an order ends the form for it is asked, and may be gone on without", async (t) => {
  const { parts, screen, sent, type } = await opened(t);
  const gone = [];

  parts.finishWithParts(order(), () => gone.push("on"));
  assert.deepEqual(gone, []);
  screen().querySelectorAll(".actions button")[1].click();
  assert.deepEqual(gone, ["on"]);

  parts.finishWithParts(order(), () => gone.push("on"));
  type(screen().querySelector("input.number"), "0");
  fire(screen(), "submit");
  assert.deepEqual(gone, ["on", "on"]);
  parts.finishWithParts(order(), () => gone.push("at once"));
  assert.deepEqual(gone.at(-1), "at once");
  assert.equal(sent[0].body.form, "last");
});

test("the end goes behind what was measured before it", async (t) => {
  const { page, sent, screen, lines, type } = await opened(t);
  const { takeStep } = await page.script("phone/order_steps");
  lines().querySelector(".measure").click();
  type(screen().querySelector("input.number"), "5");
  fire(screen(), "submit");

  takeStep(order(), "complete", { outcome: "repaired" });

  assert.deepEqual(sent[1].after, [sent[0].clientId]);
});

test("a crew that stands at the place is asked, and only its answer is an arrival", async (t) => {
  const page = openPage(t, { boot: { arrive_radius_m: 60, crew_id: 5 } });
  const { outbox } = await page.script("outbox/outbox");
  const parts = await page.script("phone/crew_parts");
  const { bringArrival } = await page.script("forms/arrival_part");
  const driving = { id: 8, state: "en_route", incident: { id: 4, kind: "gas_leak", lon: 7.4, lat: 43.7, address: "Quai 7" } };
  let at = 0;
  bringArrival({ orders: () => [driving], place: () => ({ lon: 7.4, lat: 43.7, accuracy: 8, timestamp: at }) });
  const screen = () => parts.screenOfParts({ urgent: false })?.node() ?? null;
  for (at = 0; at <= 12000; at += 1000) parts.tickParts();
  assert.match(screen().textContent, /Have you arrived\?.*Quai 7/);
  assert.deepEqual(outbox.actions, []);

  screen().querySelectorAll("button")[1].click();
  assert.equal(screen(), null);
  for (; at <= 200000; at += 1000) parts.tickParts();
  screen().querySelector(".go").click();

  assert.deepEqual(outbox.actions.map(({ kind, body }) => [kind, body]), [["arrive", { lon: 7.4, lat: 43.7 }]]);
});

test("an end that is done waits for required forms, one that is not done does not; codes, parts and minutes go along", async (t) => {
  const { page, type } = await opened(t, { measurements: [{ assignment_id: 8, client_id: "x", form: "reading", name_en: "r", name_zh: "r", taken_at: "2026-01-01T00:00:00Z", items: [] }] });
  const { resultScreen } = await page.script("outcomes/result_screen");
  const said = [];
  const node = resultScreen({ order: order() }, { complete: (body) => said.push(body), back: () => {} });
  document.body.append(node);
  const pick = (code) => {
    const radio = node.querySelector(`[value=${code}]`);
    radio.checked = true;
    fire(radio, "change");
  };

  pick("repaired");
  assert.equal(node.querySelector(".go").disabled, true);
  assert.match(node.querySelector(".still-missing").textContent, /Before completing: last has to be filled in/);
  pick("no_access");
  type(node.querySelector("textarea"), "try at noon");
  assert.equal(node.querySelector(".go").disabled, false);
  assert.equal(node.querySelector(".still-missing").textContent, "");

  const code = node.querySelector(".code input");
  code.checked = true;
  fire(code, "change");
  const picker = node.querySelector("select");
  picker.value = "hose";
  fire(picker, "change");
  type(node.querySelector(".used-parts input"), "0");
  assert.equal(node.querySelector(".go").disabled, true);
  type(node.querySelector(".used-parts input"), "2,5");
  assert.equal(node.querySelector(".minutes input").value, "42");
  node.querySelector(".minutes button:last-child").click();
  fire(node, "submit");

  assert.deepEqual(said, [{ outcome: "no_access", result: "try at noon", codes: ["wear"], parts: [{ code: "hose", quantity: 2.5 }], minutes: 47 }]);
});
