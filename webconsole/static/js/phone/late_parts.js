// What the crew's page loads after its first paint: parts that nobody needs in the first second. They
// come in a file of their own, and none of it counts for how soon the page is there.
import { bringMyOrders } from "../assignments/my_orders.js";
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { el } from "../core/dom.js";
import "../cover/move_up_screen.js";
import { bringPushSwitch } from "../deliveries/push_switch.js";
import { TestRing } from "../deliveries/test_ring.js";
import { bringForms } from "../forms/phone_forms.js";
import { answerStore } from "../kept/answer_store.js";
import { tidyAnswers } from "../kept/answer_tidying.js";
import { bringUpdate } from "../kept/app_update.js";
import { outbox } from "../outbox/outbox.js";
import { bringOutboxLines } from "../outbox/outbox_lines.js";
import { takeOver } from "../outbox/takeover.js";
import { bringKit } from "../kit/phone_kit.js";
import "../callers/phone_caller.js";
import { bringPhoneCheck } from "../reach/phone_check_screen.js";
import { bringRecordings } from "../recordings/phone_recordings.js";
import { bringShifts } from "../shifts/phone_shifts.js";
import { bringSignatures } from "../signatures/phone_signatures.js";
import "../skills/phone_tickets.js";
import { bringWays } from "../ways/phone_ways.js";
import { bringReports } from "../work_reports/phone_reports.js";
import { addCrewPart } from "./crew_parts.js";

const loaded = (sheet) => new Promise((done) => (sheet.onload = sheet.onerror = () => done()));

/**
 * Bring them. `page`: {crewId, menu, course, map, place, orders, changed, ringing, answering}: `menu`
 * is the button before which others may stand, `course` and `map` are the path that is followed and its
 * map, `place()` the last fix or null, `orders()` the crew's orders as they are now, `changed()` has
 * the page drawn again, `ringing()` and `answering()` say whether something rings or is asked.
 *
 * Returns {readTile, settled}: the one as `readTilesWith` wants it, the other a promise of when all have
 * the size that they keep.
 */
export function bringLateParts({ crewId, menu, course, map, place, orders, changed, ringing, answering }) {
  const sheet = el("link", { rel: "stylesheet", href: boot.late_sheet });
  const dressed = loaded(sheet);
  document.head.append(sheet);
  takeOver(outbox);
  tidyAnswers(answerStore, { owner: boot.username, now: now() }).catch(() => {}); // storage is forbidden
  addCrewPart(new TestRing({ changed, driving: () => orders().some(({ state }) => state === "en_route") }).part);
  bringMyOrders(crewId, { menu });
  bringForms({ place, orders });
  bringShifts(crewId, { menu });
  bringRecordings(crewId, { place });
  bringSignatures();
  bringReports(crewId);
  bringPushSwitch(crewId, { menu });
  const checked = bringPhoneCheck(crewId, { menu });
  bringWays({ crewId, course, map, place, orders });
  bringUpdate({ ringing, answering });
  const readTile = bringKit(crewId, { menu, place, orders });
  bringOutboxLines(); // the last: what was brought before is there with it
  return { readTile, settled: Promise.all([dressed, checked]) };
}
