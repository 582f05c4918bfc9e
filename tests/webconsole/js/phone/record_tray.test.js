import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "../page.js";

test("a photo that was taken in and then refused is said once, by the stream or by the list", async (t) => {
  // A phone in a tunnel hears nothing of the stream; the list it asks for afterwards says the same.
  const page = openPage(t);
  const { RecordTray } = await page.script("phone/record_tray");
  const tray = new RecordTray(7, { place: () => null });
  const photos = [
    { id: 1, crew_id: 7, state: "shown", refusal: null },
    { id: 2, crew_id: 7, state: "received", refusal: null },
    { id: 3, crew_id: 7, state: "refused", refusal: "damaged" },
    { id: 4, crew_id: 8, state: "refused", refusal: "damaged" },
  ];
  page.answer("/incidents/5/photos", { photos });

  const bar = tray.barFor({ incident: { id: 5 } });
  await page.settle();
  tray.heard({ kind: "incident.photo_refused", crew_id: 7, incident_id: 5, data: { entry_id: 3, refusal: "damaged" } });
  tray.heard({ kind: "incident.photo_refused", crew_id: 8, incident_id: 5, data: { entry_id: 4, refusal: "damaged" } });
  await page.settle();

  assert.equal(bar.querySelector(".record-count").textContent, "Photos at the desk: 1 · received, being checked: 1");
  assert.equal(tray.status.textContent, "A photo of #5 was not taken: the file is damaged or cut offAcknowledge");
});
