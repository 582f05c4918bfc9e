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
