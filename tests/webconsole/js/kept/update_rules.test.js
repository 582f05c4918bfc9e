import assert from "node:assert/strict";
import { test } from "node:test";
import { isTyping, mayOffer } from "../../../../webconsole/static/js/kept/update_rules.js";
import { openPage } from "../page.js";

const CALM = { ringing: false, answering: false, typing: false, dialog: false };

test("a new version is offered only when nothing rings, is asked or half-written", () => {
  assert.ok(mayOffer(CALM));
  for (const disturbed of Object.keys(CALM)) assert.ok(!mayOffer({ ...CALM, [disturbed]: true }), disturbed);
});

test("whoever has begun to write, or has the cursor in a field, is typing", (t) => {
  openPage(t);
  document.body.innerHTML = '<input id="word" value="as it was"><input type="checkbox" id="box"><textarea id="note"></textarea>';
  assert.ok(!isTyping(document));
  document.getElementById("note").value = "leak at";
  assert.ok(isTyping(document));
  document.getElementById("note").value = "";
  document.getElementById("word").focus();
  assert.ok(isTyping(document));
});
