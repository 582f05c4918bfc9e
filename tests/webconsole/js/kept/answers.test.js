import assert from "node:assert/strict";
import { test } from "node:test";
import { tidyAnswers } from "../../../../webconsole/static/js/kept/answer_tidying.js";
import { OneByOne } from "../../../../webconsole/static/js/kept/one_by_one.js";
import { KeptAnswers, isKept } from "../../../../webconsole/static/js/kept/answers.js";

const OFFLINE = Object.assign(new Error("offline"), { offline: true });
const refusal = (status) => Object.assign(new Error("no"), { offline: false, status });
const DAY = 86_400_000;

function inMemory() {
  const records = new Map();
  return {
    records,
    read: async (url) => records.get(url),
    write: async (record) => void records.set(record.url, record),
    remove: async (url) => void records.delete(url),
    all: async () => [...records.values()],
  };
}

function reading({ owner = "east", store = inMemory(), opened = false, at = { now: 1000 } } = {}) {
  const told = [];
  const answers = new KeptAnswers({ owner, store, opened, now: () => at.now, changed: () => told.push("changed"), fresh: () => told.push("fresh") });
  return { answers, store, at, told };
}

test("without signal the last answer is given, and it is known of when it is", async () => {
  const { answers, at, told } = reading();
  assert.deepEqual(await answers.get("/crews/1/assignments", async () => ({ n: 1 })), { n: 1 });
  assert.equal(answers.staleSince("/crews/1/assignments"), null);

  at.now = 60_000;
  assert.deepEqual(await answers.get("/crews/1/assignments", () => Promise.reject(OFFLINE)), { n: 1 });
  assert.equal(answers.staleSince("/crews/1/assignments"), 1000);
  await assert.rejects(answers.get("/crews/1/notices", () => Promise.reject(OFFLINE)), OFFLINE);

  await answers.get("/crews/1/assignments", async () => ({ n: 2 }));
  assert.equal(answers.staleSince("/crews/1/assignments"), null);
  assert.deepEqual(told, ["changed", "changed"]);
});

test("a page that was kept itself waits for nothing, and hears of what comes later", async () => {
  const { answers, store, told } = reading({ opened: true });
  await store.write({ url: "/a", owner: "east", at: 1, body: "kept" });
  let answer;

  const given = await answers.get("/a", () => new Promise((done) => (answer = done)));
  assert.equal(given, "kept");
  answer("new");
  await new Promise((done) => setTimeout(done, 5));

  assert.deepEqual(told, ["changed", "changed", "fresh"]);
  assert.equal(store.records.get("/a").body, "new");
});

test("an answer that comes late and says the same is nothing to be read anew", async () => {
  const { answers, store, told } = reading({ opened: true });
  await store.write({ url: "/a", owner: "east", at: 1, body: { orders: [{ id: 1 }] } });
  let answer;

  await answers.get("/a", () => new Promise((done) => (answer = done)));
  answer({ orders: [{ id: 1 }] });
  await new Promise((done) => setTimeout(done, 5));

  assert.deepEqual(told, ["changed", "changed"]);
  assert.equal(answers.staleSince("/a"), null);
});

test("what is read again after a late answer takes that answer, and asks the server nothing twice", async () => {
  const { answers, store } = reading({ opened: true });
  for (const url of ["/a", "/b"]) await store.write({ url, owner: "east", at: 1, body: "kept" });
  const asked = [];
  const ask = (path) => () => new Promise((done) => asked.push([path, done]));
  const read = () => Promise.all([answers.get("/a", ask("/a")), answers.get("/b", ask("/b"))]);
  assert.deepEqual(await read(), ["kept", "kept"]);
  asked[0][1]("new"); // of "/a"; "/b" is still on its way
  await new Promise((done) => setTimeout(done, 5));

  assert.deepEqual(await answers.reread(read), ["new", "kept"]);

  assert.deepEqual(asked.map(([path]) => path), ["/a", "/b"]);
  read(); // an event: what was said before it does not count
  assert.deepEqual(asked.map(([path]) => path), ["/a", "/b", "/a", "/b"]);
});

test("while something is read, whatever comes is read once, afterwards", async () => {
  const ends = [];
  const reads = new OneByOne(() => new Promise((done) => ends.push(done)));

  const all = [reads.again(), reads.again(), reads.again()];
  assert.equal(ends.length, 1);
  ends[0]();
  await all[2];
  await new Promise((done) => setTimeout(done, 0));
  assert.equal(ends.length, 2);
  ends[1]();
  await all[0];

  assert.equal(ends.length, 2);
});

test("nobody is given what was answered to another, nor what is a week old", async () => {
  const { answers, store, at } = reading({ owner: "west" });
  await store.write({ url: "/a", owner: "east", at: at.now, body: "east's" });
  await store.write({ url: "/b", owner: "west", at: at.now, body: "west's" });

  await assert.rejects(answers.get("/a", () => Promise.reject(OFFLINE)), OFFLINE);
  assert.equal(await answers.get("/b", () => Promise.reject(OFFLINE)), "west's");
  at.now += 7 * DAY;
  await assert.rejects(answers.get("/b", () => Promise.reject(OFFLINE)), OFFLINE);
  await tidyAnswers(store, { owner: "west", now: at.now });
  assert.equal(store.records.size, 0);
});

test("what the server refuses is told, and what is gone there goes here", async () => {
  const { answers, store } = reading();
  await answers.get("/a", async () => "once");
  await assert.rejects(answers.get("/a", () => Promise.reject(refusal(401))), { status: 401 });
  assert.ok(store.records.has("/a"));

  await assert.rejects(answers.get("/a", () => Promise.reject(refusal(404))), { status: 404 });
  assert.ok(!store.records.has("/a"));
});

test("searches and questions about one moment are not kept", () => {
  for (const path of ["/me", "/push-key", "/search?q=a", "/routes?from=1,2&to=3,4", "/kit/names"]) assert.ok(!isKept(path), path);
  for (const path of ["/crews/1", "/assignments/3/route?guidance=1", "/closures", "/shifts?first=2026-01-01"]) assert.ok(isKept(path), path);
});
