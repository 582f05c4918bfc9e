import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const KINDS = {
  "clock.started": { label: "Pledges running", sentences: ["Pledges running"] },
  "clock.breached": { label: "Pledge missed", sentences: ["Pledge %(pledge)s missed (%(cause)s)"] },
  "clock.paused": { label: "Pledge paused", sentences: ["%(who)s paused the pledge %(pledge)s: %(pause)s"] },
};

test("events of clocks are told with the pledge's name, the cause and what the desk wrote", async (t) => {
  const { eventSentence } = await openPage(t, { boot: { event_kinds: KINDS } }).script("incidents/event_sentences");
  const named = { clock_id: 3, name_en: "There in 30 min", name_zh: "30 分钟到场" };
  const say = (kind, data) => eventSentence({ kind, actor: "dora", data });

  assert.equal(say("clock.started", { clocks: [named] }), "Pledges running: There in 30 min");
  assert.equal(say("clock.breached", { ...named, cause: "long_way" }), "Pledge There in 30 min missed (Long way)");
  assert.equal(say("clock.paused", { ...named, pause: "no_access", text: "dog" }), "dora paused the pledge There in 30 min: Nobody lets us in: dog");
});

test("what came together is listed as the language lists it", async (t) => {
  const boot = { event_kinds: { "assignment.marked": { label: "Reached", sentences: ["%(crew)s: %(marks)s"] } } };
  const say = async (locale) => {
    const { eventSentence } = await openPage(t, { boot: { ...boot, locale } }).script("incidents/event_sentences");
    return eventSentence({ kind: "assignment.marked", data: { crew_name: "East 1", marks: { rang: true, seen: true } } });
  };

  assert.match(await say("en"), /\brang, seen$/);
  assert.match(await say("zh"), /rang、seen$/); // without a catalogue the words are English
});
