import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

const LIST = [
  { code: "repaired", effect: "done", name_en: "Repaired", name_zh: "已修复" },
  { code: "made_safe", effect: "follow_up", name_en: "Made safe", name_zh: "已排险" },
  { code: "no_access", effect: "not_done", name_en: "Could not get in", name_zh: "无法进入现场" },
];
const ORDER = { id: 1, state: "on_scene", incident: { id: 4, kind: "gas_leak" } };

async function screen(t, boot) {
  const page = openPage(t, { boot });
  const { resultScreen } = await page.script("outcomes/result_screen");
  const said = [];
  const node = resultScreen({ order: ORDER }, { complete: (body) => said.push(body), back: () => {} });
  document.body.append(node);
  const pick = (code) => {
    const radio = node.querySelector(`[value=${code}]`);
    radio.checked = true;
    fire(radio, "change");
  };
  return { page, node, said, pick, go: node.querySelector(".go"), words: node.querySelector("textarea") };
}

test("the three meanings stand apart, and nothing can be sent before one is chosen", async (t) => {
  const { node, go, pick, said } = await screen(t, { known_outcomes: LIST });
  assert.deepEqual([...node.querySelectorAll(".outcome-group")].map((each) => each.dataset.effect), ["done", "follow_up", "not_done"]);
  assert.equal(go.disabled, true);

  pick("repaired");
  fire(node, "submit");
  assert.deepEqual(said, [{ outcome: "repaired" }]);
});

test("who is quicker than the list of outcomes is shown the rest when it comes", async (t) => {
  const { page, node, pick } = await screen(t, { known_outcomes: LIST.slice(0, 1) });
  const { learnOutcomes } = await page.script("outcomes/outcomes");
  page.answer("/outcomes", { outcomes: LIST });
  assert.equal(node.querySelectorAll(".choice").length, 1);

  await learnOutcomes("gas_leak");

  assert.equal(node.querySelectorAll(".choice").length, 3);
  pick("made_safe");
  assert.equal(node.querySelector(".go").disabled, false);
});

test("what is not done needs a word of advice, which may be one tap", async (t) => {
  const { node, go, pick, said, words } = await screen(t, { known_outcomes: LIST });
  pick("no_access");
  assert.equal(go.disabled, true);
  fire(node, "submit");
  assert.deepEqual(said, []);

  node.querySelector(".advice .chip").click();
  assert.equal(words.value, "Call the caller");
  fire(node, "submit");
  assert.deepEqual(said, [{ outcome: "no_access", result: "Call the caller" }]);
});

test("a repair that follows may be given a time, and only that has one", async (t) => {
  const { node, pick, said } = await screen(t, { known_outcomes: LIST });
  t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-31T12:00:00") });
  pick("made_safe");
  assert.equal(node.querySelector(".due-choice").hidden, false);
  node.querySelectorAll(".due-buttons button")[1].click();
  fire(node, "submit");
  pick("repaired");
  fire(node, "submit");
  assert.deepEqual(said, [
    { outcome: "made_safe", follow_up_due_at: new Date("2026-02-01T18:00:00").toISOString() },
    { outcome: "repaired" },
  ]);
});

test("an order of a kind whose outcomes were never read can be ended all the same", async (t) => {
  const { node, pick, said } = await screen(t, { known_outcomes: LIST });
  assert.equal(node.querySelectorAll(".choice").length, 3);
  pick("made_safe");
  fire(node, "submit");
  assert.deepEqual(said, [{ outcome: "made_safe" }]);
});

test("what was read last is there without signal", async (t) => {
  const { page } = await screen(t, { known_outcomes: LIST });
  const { learnOutcomes, outcomesOf } = await page.script("outcomes/outcomes");
  page.answer("/outcomes", null, { offline: true });
  await learnOutcomes("gas_leak");
  assert.equal(outcomesOf("gas_leak").length, 3);
  page.answer("/outcomes", { outcomes: LIST.slice(1) });
  await learnOutcomes("gas_leak");
  page.answer("/outcomes", null, { offline: true });
  await learnOutcomes("gas_leak");
  assert.deepEqual(outcomesOf("gas_leak").map(({ code }) => code), ["made_safe", "no_access"]);
});
