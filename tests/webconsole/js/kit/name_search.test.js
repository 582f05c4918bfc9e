import assert from "node:assert/strict";
import { test } from "node:test";
import { NameSearch, wordsOf } from "../../../../webconsole/static/js/kit/name_search.js";

const LIST = {
  ground_id: 1, whole: true, origin: [7.42, 43.73], steps_per_degree: 100_000,
  same_words: [["avenue", "av"], ["boulevard", "bd"], ["saint", "st"]],
  number_first: [["rue", "avenue"], ["street"]],
  names: [
    ["Rue Grimaldi", "", 0, 0, "La Condamine"],
    ["Boulevard des Moulins", "", 500, 800],
    ["Avenue Saint-Michel", "", 400, 900],
    ["人民路", "", 100, 100, "", "Renmin Road", "ren min lu"],
    ["École des Révoires", "school", -900, 200, "Boulevard Rainier III"],
    ["Rue Grimaldi", "", 9000, 0, "elsewhere"],
  ],
  houses: [[0, "21", 10, -5, "21bis", 12, -5], [3, "12", 5, 5]],
};
const search = new NameSearch(LIST);
const labels = (words, options) => search.find(words, options).map(({ label }) => label);

test("names are found by beginnings, in any order, without accents, and by their short forms", () => {
  assert.equal(labels("grim")[0], "Rue Grimaldi");
  assert.equal(labels("ecole revoires")[0], "École des Révoires");
  assert.equal(labels("moulins bd")[0], "Boulevard des Moulins");
  assert.equal(labels("av st michel")[0], "Avenue Saint-Michel");
  assert.deepEqual(labels("nothing of the sort"), []);
  assert.deepEqual(labels(" "), []);
});

test("Chinese is found by characters, pinyin and initials", () => {
  for (const words of ["人民", "人民路", "renmin", "ren min lu", "rml", "Renmin Road"]) assert.equal(labels(words)[0], "人民路", words);
  const [house] = search.find("人民路12号");
  assert.deepEqual([house.kind, house.label, house.precision], ["address", "人民路12号", "exact"]);
});

test("a house number stands where its street has it, and an unknown one is said to be", () => {
  const [exact] = search.find("grimaldi 21 bis".replace(" bis", "bis"));
  assert.deepEqual([exact.label, exact.precision], ["21bis Rue Grimaldi", "exact"]);
  assert.ok(Math.abs(exact.lon - 7.42012) < 1e-9 && Math.abs(exact.lat - 43.72995) < 1e-9);
  const first = search.find("21 rue grimaldi")[0];
  assert.equal(first.label, "21 Rue Grimaldi");
  const unknown = search.find("grimaldi 99").find(({ kind }) => kind === "address");
  assert.deepEqual([unknown.label, unknown.precision, unknown.house], ["Rue Grimaldi", "street", "99"]);
});

test("of equals the nearest comes first, and its distance is told", () => {
  const [near, far] = search.find("rue grimaldi", { near: { lon: 7.51, lat: 43.73 } });
  assert.equal(near.detail, "elsewhere");
  assert.ok(near.distance_m < 1);
  // 0.09° * cos(43.73°) * 111.32 km = 7.24 km
  assert.ok(Math.abs(far.distance_m - 7240) < 30, String(far.distance_m));
});

test("words are folded as the server folds them", () => {
  assert.deepEqual(wordsOf("Bd. d'Østervold １２bis 人民路"), ["bd", "d", "ostervold", "12bis", "人民路"]);
});
