import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const KINDS = [
  { code: "gas_leak", utility: "gas", name_en: "Gas leak", name_zh: "燃气泄漏" },
  { code: "water_burst", utility: "water", name_en: "Water main burst", name_zh: "供水管爆裂" },
];

test("a key chooses a kind, but not while somebody types", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { KindChoice } = await page.script("intake/kind_choice");
  let changes = 0;
  const choice = new KindChoice({ changed: () => (changes += 1) });
  const field = page.window.document.createElement("input");
  page.window.document.body.append(choice.node, field);
  const press = (target, key, code) => target.dispatchEvent(new page.window.KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
  assert.equal(choice.value, null);

  press(field, "2", "Digit2");
  assert.equal(choice.value, null);
  press(choice.node, "é", "Digit2"); // a French keyboard has its digits on the same keys
  assert.equal(choice.value, "water_burst");
  press(choice.node, "3", "Digit3"); // nothing has that key
  assert.deepEqual([choice.value, changes], ["water_burst", 1]);

  choice.close();
  press(choice.node, "1", "Digit1");
  assert.equal(choice.value, "water_burst");
});

test("a draft is kept for its account alone", async (t) => {
  const page = openPage(t, { boot: { username: "dora" } });
  const { forgetDraft, keepDraft, keptDraft } = await page.script("intake/form_draft");
  assert.equal(keptDraft(), null);

  keepDraft({ lon: 7.42, lat: 43.73, kind: "gas_leak" });
  assert.equal(keptDraft().kind, "gas_leak");
  forgetDraft();
  assert.equal(keptDraft(), null);

  page.window.sessionStorage.setItem("nearcrew-pin-draft", JSON.stringify({ username: "eva", kind: "gas_leak" }));
  assert.equal(keptDraft(), null);
  assert.equal(page.window.sessionStorage.getItem("nearcrew-pin-draft"), null);
});

test("known incidents are looked for again when the place or the kind changes, and not else", async (t) => {
  const page = openPage(t, { boot: { kinds: KINDS } });
  const { KnownIncidents } = await page.script("intake/known_incidents");
  const incident = { id: 418, kind: "gas_leak", priority: 1, state: "open", address: "Rue A", reported_at: new Date().toISOString(), assignments: [] };
  page.answer("/incidents/near", { incidents: [{ distance_m: 80, incident }] });
  const same = [];
  const known = new KnownIncidents({ same: (...which) => same.push(which) });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const follow = async (place, kind) => {
    known.follow(place, kind);
    t.mock.timers.tick(1000);
    await page.settle();
  };
  const place = { lon: 7.42, lat: 43.73 };
  assert.equal(known.choose(0), false);

  await follow(place, null);
  await follow(place, null);
  await follow(place, "gas_leak");

  const asked = page.asked.filter(({ path }) => path.includes("/near"));
  assert.deepEqual(asked.map(({ path }) => path.replace(/^.*\?/, "")), ["lon=7.42&lat=43.73&limit=3", "lon=7.42&lat=43.73&kind=gas_leak&limit=3"]);
  assert.match(known.node.textContent, /Already reported\?P1 Gas leak #418Rue A80 m away · 0 s ago · Waiting for a crew/);
  assert.equal(known.choose(0), true);
  assert.deepEqual(same, [[incident, 80]]);

  const reasons = [{ code: "place", detail: null }, { code: "same_main", detail: "W-12" }, { code: "same_street", detail: null }];
  page.answer("/incidents/near", { incidents: [{ distance_m: 80, likely: true, reasons, incident: { ...incident, reports_count: 37 } }] });
  known.follow(place, "gas_leak", "Rue A 1");
  t.mock.timers.tick(1000);
  await page.settle();
  assert.match(page.asked.at(-1).path, /&address=Rue%20A%201&limit=3$/);
  assert.match(known.node.textContent, /^Very likely reported alreadyP1 Gas leak #418 ×37 callsRue A80 m away · 0 s ago · same main: W-12 · same street · /);
  known.close();
});
