import assert from "node:assert/strict";
import { test } from "node:test";
import { fire, openPage } from "../page.js";

function written(page, keepDraft, name, words, options) {
  const control = page.window.document.createElement("textarea");
  const keep = keepDraft(control, name, options);
  const before = control.value;
  if (words !== null) {
    control.value = words;
    fire(control, "input");
  }
  return { control, keep, before };
}

test("half-written words come back, each to its own incident, until they are sent", async (t) => {
  // Of this account alone: another one at the same desk finds nothing.
  const page = openPage(t, { boot: { username: "dora" } });
  const { keepDraft } = await page.script("core/drafts");
  const { control, keep } = written(page, keepDraft, "note-1", "Key at the por");

  assert.equal(written(page, keepDraft, "note-1", null).before, "Key at the por");
  assert.equal(written(page, keepDraft, "note-2", null).before, "");
  control.value = "";
  keep();
  assert.equal(written(page, keepDraft, "note-1", null).before, "");
});

test("signing out forgets what was half-written at a desk", async (t) => {
  // A desk is shared.
  const page = openPage(t, { boot: { username: "dora" } });
  const { document } = page.window;
  const { keepDraft } = await page.script("core/drafts");
  written(page, keepDraft, "note-1", "at the desk");
  const form = Object.assign(document.createElement("form"), { action: "/sign-out" });
  document.body.append(form);
  form.addEventListener("submit", (event) => event.preventDefault());

  fire(form, "submit");

  assert.equal(written(page, keepDraft, "note-1", null).before, "");
});
