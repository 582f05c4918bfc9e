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
