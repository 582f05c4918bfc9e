// How each crew's duty agrees with its rota at this moment, as the desk knows it.
import { ApiError, get } from "../core/api.js";
import { now } from "../core/clock.js";
import { clock } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { on, touch } from "../core/store.js";
import { markLabel } from "./shift_labels.js";

const AGAIN_MS = 60_000;
const SOON_MS = 2000; // a rotation that changes has many crews' duty follow at once
const KINDS = /^(shift|rotation|swap|crew\.duty_changed|crew\.added)/;

let known = new Map();
let askedMs = -Infinity;

async function load() {
  askedMs = Date.now();
  try {
    const { crews } = await get("/shifts/now");
    known = new Map(crews.map((each) => [each.crew_id, each]));
    touch("rota");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the next minute asks again
  }
}

/** "outside the rota", or nothing where duty and rota agree. */
export const rotaMark = (crewId) => markLabel(known.get(crewId)?.mark);

/** "until 20:00", "outside the rota, from 08:00"; nothing for a crew without a rota. */
export function rotaWords(crewId) {
  const crew = known.get(crewId);
  if (!crew) return "";
  const time = (iso) => clock(iso, { seconds: false });
  const words = [
    markLabel(crew.mark),
    crew.ends_at ? _("until %(time)s", { time: time(crew.ends_at) }) : "",
    !crew.ends_at && crew.next_begins_at ? _("from %(time)s", { time: time(crew.next_begins_at) }) : "",
    crew.rest_due ? _("has to rest") : "",
  ];
  return words.filter(Boolean).join(" · ");
}

/** Whether something begins or ends before the next regular question. */
const isDue = () => [...known.values()].some(({ ends_at, next_begins_at }) => [ends_at, next_begins_at].some((at) => at && Date.parse(at) <= now()));

export function watchRota() {
  load();
  on("event", ({ kind }) => KINDS.test(kind) && (askedMs = Math.min(askedMs, Date.now() - AGAIN_MS + SOON_MS)));
  on("reset", load);
  on("tick", () => {
    const waitedMs = Date.now() - askedMs;
    if (waitedMs >= AGAIN_MS || (waitedMs >= 2 * SOON_MS && isDue())) load();
  });
}
