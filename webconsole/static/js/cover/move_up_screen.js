// On the crew's page: asked to stand elsewhere, with one answer to give; then a bar that says where.
import { ApiError, get, newKey, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { secondsSince } from "../core/clock.js";
import { el, fill } from "../core/dom.js";
import { clock, coordinates, timer } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { emit } from "../core/store.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { areaName } from "./cover_labels.js";

let moveUp = null;
let message = "";
const dock = el("section.move-up-dock", { hidden: true, "aria-label": _("Move up") });

const placeOf = ({ place, lon, lat }) => place || coordinates(lon, lat);
const navigation = ({ lon, lat }) => el("a.place-link", { href: `geo:${lat},${lon}` }, _("Open in a map app"));

function drawDock() {
  const shown = moveUp?.state === "accepted" ? moveUp : null;
  dock.hidden = !shown;
  const look = shown ? `${shown.id} ${shown.place} ${message}` : "";
  if (dock.dataset.look === look) return;
  dock.dataset.look = look;
  if (!shown) fill(dock);
  else {
    fill(dock, el("p", {}, _("Stand at %(place)s until you are sent.", { place: placeOf(shown) })), navigation(shown),
      message ? el("p.refused", { role: "alert" }, message) : null,
      el("button", { type: "button", onclick: () => answer("decline") }, _("Cannot stand there")));
  }
}

async function load() {
  try {
    const { move_ups } = await get(`/moveups?crew_id=${boot.crew_id}`);
    moveUp = move_ups[0] ?? null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error; // the orders are there all the same
  }
  drawDock();
}

async function answer(action) {
  message = "";
  try {
    const after = await post(`/moveups/${moveUp.id}/${action}`, { client_id: newKey() });
    moveUp = after.ended_at ? null : after;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    message = error.message;
    if (error.code === "move_up_ended") moveUp = null;
  }
  drawDock();
  emit("crew-part");
}

function screen() {
  const parts = { since: el("time.ringing-for", {}, timer(secondsSince(moveUp.asked_at))), sinceAt: moveUp.asked_at };
  const area = moveUp.area ? areaName({ kind: moveUp.area_kind, name: moveUp.area, name_zh: moveUp.area_zh }) : "";
  const node = el("div.screen.notice-screen.move-up-screen", {},
    el("div.ring-line", { role: "alert" }, el("b", {}, _("Move up")), parts.since),
    el("div.middle", {},
      el("h2.title", {}, placeOf(moveUp)),
      el("p.notice-what", {}, area ? _("Stand there until you are sent, so that %(area)s stays covered.", { area }) : _("Stand there until you are sent.")),
      moveUp.reason ? el("p.notice-reason", {}, moveUp.reason) : null,
      navigation(moveUp),
      message ? el("p.refused", { role: "alert" }, message) : null,
      el("p.told", {}, _("%(who)s, %(time)s", { who: moveUp.asked_by, time: clock(moveUp.asked_at, { seconds: false }) }))),
    el("div.actions", {},
      el("button.big.go", { type: "button", onclick: () => answer("accept") }, _("Going there")),
      el("button.big.quiet", { type: "button", onclick: () => answer("decline") }, _("Cannot go"))));
  node.parts = parts;
  return node;
}

addCrewPart({
  id: "move-up",
  order: 60,
  screen: () => (moveUp?.state === "asked" ? { key: `${moveUp.id} ${message}`, node: screen, ring: "notice" } : null),
  dock,
  load,
});
