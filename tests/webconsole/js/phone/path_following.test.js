// What the crew's phone does with the path of its order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

const order = (lon) => ({ id: 1, state: "en_route", incident: { lon, lat: 43.73 } });
const path = (lon) => ({
  geometry: { coordinates: [[7.41, 43.73], [lon, 43.73]] },
  properties: { length_m: 800, travel_time_s: 60, steps: [] },
});

async function openFollower(t) {
  const page = openPage(t);
  const { PathFollower } = await page.script("phone/path_following");
  return { page, follower: new PathFollower(7, () => {}) };
}

test("a place that the desk corrects is driven to at once", async (t) => {
  // The path to the former place is put away, and so is the answer that was still on its way.
  const { page, follower } = await openFollower(t);
  const end = () => follower.latLngs.at(-1)?.[1] ?? null;
  let slow;

  page.answer("/assignments/1/route", () => path(7.42));
  follower.follow(order(7.42), null);
  await page.settle();
  assert.equal(end(), 7.42);

  page.answer("/assignments/1/route", () => new Promise((answer) => (slow = answer)));
  follower.follow(order(7.43), null);
  await page.settle();
  assert.equal(end(), null);

  follower.follow(order(7.44), null);
  page.answer("/assignments/1/route", () => path(7.44));
  slow(path(7.43));
  await page.settle();
  assert.equal(end(), null);

  follower.follow(order(7.44), null);
  await page.settle();
  assert.equal(end(), 7.44);
});

test("a path that could not be had is asked for as soon as there is signal", async (t) => {
  // Not five seconds later, and not before.
  const { page, follower } = await openFollower(t);
  t.mock.method(performance, "now", () => 0);

  page.answer("/assignments/1/route", null, { offline: true });
  follower.follow(order(7.42), null);
  await page.settle();
  assert.equal(follower.failed, true);

  page.answer("/assignments/1/route", path(7.42));
  follower.follow(order(7.42), null);
  await page.settle();
  assert.equal(page.asked.length, 1);

  window.dispatchEvent(new Event("online"));
  follower.follow(order(7.42), null);
  await page.settle();
  assert.equal(page.asked.length, 2);
  assert.equal(follower.failed, false);
});

test("a crew that begins beside its path has not left it, and has once it was there and goes away", async (t) => {
  // A yard a hundred metres from the street that is the best to start on.
  const { page, follower } = await openFollower(t);
  const metresNorth = (m) => 43.73 + m / 111_000;
  let stamp = 0;
  const stand = (m) => follower.follow(order(7.42), { lon: 7.412, lat: metresNorth(m), accuracy: 5, timestamp: (stamp += 1000) });
  const wide = path(7.42);
  wide.properties.walk_to_road_m = 100;
  page.answer("/assignments/1/route", wide);
  follower.follow(order(7.42), null);
  await page.settle();

  stand(100);
  stand(110);
  assert.equal(follower.strayed, false);
  stand(0);
  stand(100);
  stand(110);
  assert.equal(follower.strayed, true);
});

test("a crew that drives off before it ever reached its path has left it", async (t) => {
  const { page, follower } = await openFollower(t);
  const wide = path(7.42);
  wide.properties.walk_to_road_m = 100;
  page.answer("/assignments/1/route", wide);
  follower.follow(order(7.42), null);
  await page.settle();

  for (const timestamp of [1000, 2000]) follower.follow(order(7.42), { lon: 7.412, lat: 43.74, accuracy: 5, timestamp });
  assert.equal(follower.strayed, true);
});

const away = (timestamp) => ({ lon: 7.412, lat: 43.74, accuracy: 5, timestamp });

test("a crew that left its path without a signal follows the one that the phone works out", async (t) => {
  // By the way it chose, as far as that makes sense; with a signal again it asks from where it is.
  const { page, follower } = await openFollower(t);
  const via = { lon: 7.415, lat: 43.731, heading_deg: 90 };
  const chosen = path(7.42);
  chosen.properties.via = via;
  page.answer("/assignments/1/route", chosen);
  follower.follow(order(7.42), { lon: 7.41, lat: 43.73, accuracy: 5, timestamp: 1 });
  await page.settle();
  const asked = [];
  follower.workOut = async (...question) => {
    asked.push(question);
    return { geometry: { coordinates: [[7.412, 43.74], [7.42, 43.73]] }, properties: { length_m: 1300, travel_time_s: 90, steps: [], worked_out_here: true } };
  };

  page.answer("/assignments/1/route", null, { offline: true });
  for (const stamp of [2, 3]) follower.follow(order(7.42), away(stamp));
  follower.again();
  follower.follow(order(7.42), away(4));
  await page.settle();

  assert.deepEqual(asked.map(([{ id }, { timestamp }, by]) => [id, timestamp, by]), [[1, 4, via]]);
  assert.equal(follower.workedOutHere, true);
  assert.equal(follower.strayed, false);
  follower.again();
  page.answer("/assignments/1/route", path(7.42));
  follower.follow(order(7.42), { ...away(5), heading: 80 });
  await page.settle();
  assert.equal(page.requests().at(-1), "GET /assignments/1/route?guidance=1&from=7.412,43.74&heading_deg=80");
  assert.equal(follower.workedOutHere, false);
});

test("a way that is chosen is driven at once, and the one before it can be chosen again", async (t) => {
  const { page, follower } = await openFollower(t);
  const via = { lon: 7.415, lat: 43.735, heading_deg: 90 };
  const feature = path(7.42);
  const other = { coordinates: [[7.41, 43.73], [7.415, 43.735], [7.42, 43.73]], length_m: 1400, travel_time_s: 80, steps: [], by: "Rua X", via };
  Object.assign(feature.properties, { by: "Rua Y", via: null, profile: "normal", alternatives: [other] });
  page.answer("/assignments/1/route", feature);
  follower.follow(order(7.42), null);
  await page.settle();

  assert.deepEqual(follower.choose(0), { via, by: "Rua X" });
  assert.equal(follower.latLngs.length, 3);
  assert.equal(follower.left.travel_time_s, 80);
  assert.equal(follower.left.profile, "normal");
  assert.deepEqual(follower.choose(0), { via: null, by: "Rua Y" });
  assert.equal(follower.latLngs.length, 2);
  assert.deepEqual(follower.others[0], other);
});
