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
