import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a refusal stands at its field and is read with it", async (t) => {
  // What belongs to no field stands below, without names that only programs know.
  const page = openPage(t);
  const { el } = await page.script("core/dom");
  const { field, showErrors } = await page.script("widgets/form_fields");
  const caller = el("input", { id: "pin-caller_name", "aria-describedby": "hint" });
  const below = el("p");
  const form = el("form", {}, field(caller, "Caller"));
  const look = () => [caller.getAttribute("aria-invalid"), below.textContent, form.querySelector(".field-error").textContent];

  showErrors(form, below, { caller_name: "is too long", lon: "is off the map" }, "Refused.");
  assert.deepEqual(look(), ["true", "is off the map", "is too long"]);
  showErrors(form, below, { caller_name: "is too long" }, "Refused.");
  assert.deepEqual(look(), ["true", "", "is too long"]);
  showErrors(form, below, {}, "Refused.");
  assert.deepEqual(look(), ["false", "Refused.", ""]);
  assert.equal(caller.getAttribute("aria-describedby"), "hint pin-caller_name-error");
});
