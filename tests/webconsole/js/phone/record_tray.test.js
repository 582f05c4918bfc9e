import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a note that is refused is said, whatever is on the screen, until it was seen", async (t) => {
  // With its words, which are nowhere else; it goes only when somebody says so.
  const page = openPage(t);
  const { RecordTray } = await page.script("phone/record_tray");
  const tray = new RecordTray(7, { place: () => null });
  page.answer("/incidents/5/notes", { code: "incident_ended", detail: "It is closed." }, { status: 409 });

  await tray.box.add(5, "note", { words: "Valve 7 is stuck" });
  await page.settle();
  assert.equal(tray.status.textContent, "A note on #5 was not taken: It is closed. “Valve 7 is stuck”Acknowledge");

  tray.status.querySelector("button").click();
  assert.equal(tray.status.textContent, "");
});
