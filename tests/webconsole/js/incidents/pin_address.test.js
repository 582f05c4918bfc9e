import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("an address that comes late gives way to whoever is about to write", async (t) => {
  // It is marked where the cursor stands, so that the first letter takes its place.
  const page = openPage(t, { boot: { ground_id: 1 } });
  const { AddressSuggestion } = await page.script("incidents/pin_address");
  const input = document.body.appendChild(document.createElement("input"));
  const marked = [];
  t.mock.method(input, "select", () => marked.push(input.value));
  const suggestion = new AddressSuggestion(input);
  suggestion.follow({ lon: 7.42, lat: 43.73, address: "Rue A 1" });

  input.focus();
  suggestion.follow({ lon: 7.43, lat: 43.73, address: "Rue B 2" });

  assert.deepEqual(marked, ["Rue B 2"]);
  assert.equal(input.value, "Rue B 2");
});

test("an address that was picked for the pin is taken, and what was written can be had back", async (t) => {
  const page = openPage(t, { boot: { ground_id: 1 } });
  const { AddressSuggestion } = await page.script("incidents/pin_address");
  const input = document.body.appendChild(document.createElement("input"));
  const suggestion = new AddressSuggestion(input);
  input.value = "Gate 4";

  suggestion.follow({ lon: 7.42, lat: 43.73, address: "12 Rue A", doubt: "Between 10 and 14, estimated", chosen: true });
  assert.equal(input.value, "12 Rue A");
  assert.match(suggestion.node.textContent, /^Between 10 and 14, estimated/);

  suggestion.node.querySelector("button").click();
  assert.equal(input.value, "Gate 4");
});

test("another number of a street whose numbers are not known takes the place of the first", async (t) => {
  // Both stand at the street's own point.
  const page = openPage(t, { boot: { ground_id: 1 } });
  const { AddressSuggestion } = await page.script("incidents/pin_address");
  const input = document.body.appendChild(document.createElement("input"));
  const suggestion = new AddressSuggestion(input);

  for (const address of ["12 Rue A", "14 Rue A"]) suggestion.follow({ lon: 7.42, lat: 43.73, address, chosen: true });

  assert.equal(input.value, "14 Rue A");
});
