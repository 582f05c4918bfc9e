// What the command line does, and refuses to do by a guess.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const CREWS = { 7: "Crew 12", 8: "Crew 120", 9: "East 1" };
const INCIDENTS = { 410: "open", 41: "closed", 40: "open" };

/** A crew as the candidates of an incident judge it: there in four minutes. */
const candidate = (crew_id, verdict, ...reasons) => ({
  crew_id, verdict, reasons, distance_m: 1200, way_length_m: 1600, travel_time_s: 240, free_in_s: 0, workload: { active: 0 },
});

/**
 * What a command was refused for, what it posted, and what it suggests.
 *
 * On the board: #410 and #40 open, #41 closed; crew 7 is "Crew 12", 8 "Crew 120", 9 "East 1".
 */
async function typed(t, command, text, candidates = [], act = "run") {
  const page = openPage(t);
  const store = await page.script("core/store");
  const { commandOf } = await page.script("command_line/registry");
  (await page.script("command_line/dispatch_commands")).addOwnCommands();
  for (const [id, name] of Object.entries(CREWS)) store.putCrew({ id: Number(id), name, state: "idle" });
  for (const [id, state] of Object.entries(INCIDENTS)) store.putIncident({ id: Number(id), state, kind: "gas_leak", priority: 2, address: "Rue A" });
  page.answer("/incidents", { incident_version: 3, candidates });
  let refusal = "";
  let found = [];
  try {
    found = await commandOf(command)[act](text);
  } catch (error) {
    refusal = error.message;
  }
  const posts = page.asked.filter(({ method }) => method === "POST").map(({ path, body }) => [path, body.crew_id ?? body.reason]);
  return { refusal, posts, options: Array.isArray(found) ? found : [] };
}

for (const [text, crew] of [["crew 12 → 410", 7], ["Crew12→#410", 7], ["crew 12 410", 7], ["east → 410", 9], ["9 → 410", 9]]) {
  test(`a crew is sent to the incident of exactly this number: ${text}`, async (t) => {
    // By its name, its number, or whatever only one crew can mean.
    const { refusal, posts } = await typed(t, "desk.send", text, [candidate(crew, "recommended")]);

    assert.equal(refusal, "");
    assert.deepEqual(posts, [["/incidents/410/assignments", crew]]);
  });
}

for (const [text, expected] of [
  ["crew 12 → 41", "No open incident has the number 41."],
  ["crew 12 → 4", "No open incident has the number 4."],
  ["crew 12 → Rue A", "Say where to send it: /send Crew 12 → #12"],
  ["crew 12", "Say where to send it: /send Crew 12 → #12"],
  ["crew → 410", "Several crews match crew. Enter the full name."],
  ["west → 410", "No crew is called west."],
]) {
  test(`nobody is sent to what was not named: ${text}`, async (t) => {
    // Number 41 was closed a minute ago: that is not number 410.
    const { refusal, posts } = await typed(t, "desk.send", text, [7, 8, 9].map((id) => candidate(id, "recommended")));

    assert.equal(refusal, expected);
    assert.deepEqual(posts, []);
  });
}

for (const [crews, expected] of [
  [[candidate(7, "excluded", "lacks_skill")], "Crew 12 cannot come: lacks the skill."],
  [[candidate(7, "excluded", "skills_unknown")], "Crew 12 cannot come: its skills are not recorded."],
  [[], "Crew 12 cannot come: outside the radius."],
]) {
  test(`a crew that cannot come goes only when it is sent anyway: ${expected}`, async (t) => {
    // As in the panel: Enter alone sends nobody, the completion says "anyway" and why not.
    const { refusal, posts } = await typed(t, "desk.send", "crew 12 → 410", crews);
    const { options } = await typed(t, "desk.send", "crew 12 → 410", crews, "suggest");

    assert.equal(refusal, expected);
    assert.deepEqual(posts, []);
    assert.equal(options.length, 1);
    assert.ok(options[0].run);
    assert.match(options[0].label, /#410 anyway$/);
    assert.ok(options[0].detail.includes(expected.split(": ")[1].slice(0, -1)));
  });
}

test("a completion says verdict and reasons", async (t) => {
  // What decides stands beside the minutes.
  const { options } = await typed(t, "desk.send", "crew 12 → 410", [candidate(7, "recommended", "fastest")], "suggest");

  assert.equal(options[0].detail, "4 min · 1.6 km · Recommended · there first");
  assert.doesNotMatch(options[0].label, /anyway$/);
});

test("completions of what is not exact only fill the line", async (t) => {
  // They are read once more before anything is sent.
  const numbers = (await typed(t, "desk.send", "crew 12 → 4", [], "suggest")).options;
  const crews = (await typed(t, "desk.send", "crew → 410", [], "suggest")).options;

  assert.deepEqual(numbers.map(({ fill }) => fill), ["Crew 12 → #40", "Crew 12 → #410"]);
  assert.deepEqual(crews.map(({ fill }) => fill), ["Crew 12 → 410", "Crew 120 → 410"]);
  assert.ok([...numbers, ...crews].every(({ run }) => !run));
});

for (const what of ["close", "cancel"]) {
  test(`an incident ends from the line by its number and a reason: ${what}`, async (t) => {
    // Without a reason, or without such a number, nothing ends.
    const { posts } = await typed(t, `desk.${what}`, "#410 reported twice");

    assert.deepEqual(posts, [[`/incidents/410/${what}`, "reported twice"]]);
    for (const text of ["410", "4 reported twice"]) {
      const refused = await typed(t, `desk.${what}`, text);
      assert.equal(refused.refusal, "Give the incident and the reason, such as 418 repaired.");
      assert.deepEqual(refused.posts, []);
    }
  });
}
