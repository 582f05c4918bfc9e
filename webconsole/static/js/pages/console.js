// The dispatcher's console: puts the parts together and feeds the store.
import { READING_BLOCKED, tellReadingBlocked } from "../audit/reading_alarm.js";
import { RouteLayer } from "../assignments/path_layer.js";
import { ClosureLayer } from "../closures/closure_layer.js";
import { applyClosureEvent } from "../closures/closures.js";
import { addOwnCommands } from "../command_line/dispatch_commands.js";
import { boot } from "../core/boot.js";
import { now } from "../core/clock.js";
import { text } from "../core/dom.js";
import { loadMessages } from "../core/i18n.js";
import { emit, movePositions, putCrew, putIncident, setConnection, setReach, state } from "../core/store.js";
import "../cover/candidate_cover.js";
import { CrewLayer } from "../crews/crew_layer.js";
import { countsPanel } from "../desk/counts_panel.js";
import { setUpDesk } from "../desk/desk_setup.js";
import { sidePanel } from "../desk/side_panel.js";
import { deskLayers } from "../desk/tool_layers.js";
import { utilityLayers } from "../desk/utility_layers.js";
import "../forms/measurement_section.js";
import { IncidentLayer } from "../incidents/incident_layer.js";
import { openFromAddress } from "../incidents/open_from_address.js";
import { pinAt, resumeReport } from "../incidents/pinning.js";
import "../layers/nearest_valves.js";
import { connectionPanel } from "../live/connection_panel.js";
import { GroundFollower } from "../live/ground_change.js";
import { loadAll, loadCrews, lookAgain, reload } from "../live/loading.js";
import { SharedStream } from "../live/shared_stream.js";
import { UNREADABLE, tellUnreadable } from "../live/unreadable_entry.js";
import { keepInStep } from "../live/window_sync.js";
import { hasMap } from "../live/window_view.js";
import { makeStage } from "../map/stage/stage.js";
import { MarkingLayer } from "../map/tools/marking.js";
import "../merging/danger_section.js";
import "../merging/merge_commands.js";
import "../merging/merged_section.js";
import "../messages/desk_messages.js";
import "../messages/message_commands.js";
import "../plans/desk_plans.js";
import "../pledges/candidate_pledge.js";
import "../pledges/pledge_section.js";
import "../offers/offer_section.js";
import { bringUnconfirmed } from "../public_reports/unconfirmed_box.js";
import { QueuePanel } from "../queue/queue_panel.js";
import "../recordings/recordings.js";
import "../records/notes.js";
import "../records/photos.js";
import "../records/record_commands.js";
import "../records/reports.js";
import "../work_reports/desk_reports.js";
import { findOn } from "../search/found_layer.js";
import { SearchBox } from "../search/search_box.js";
import "../skills/skill_news.js";
import { onSounding, sounding } from "../sounds/speaker.js";
import "../widgets/whole_words.js";

const PATIENCE_MS = 1500;
const byId = (id) => document.getElementById(id);

await loadMessages();
state.radiusM = boot.default_radius_m;
text(byId("ground-name"), boot.ground_name ?? "");

/** What the map begins on: crews at work, and incidents that somebody has to see to. */
const things = () => [
  ...[...state.incidents.values()].filter((incident) => incident.state !== "resolved").map(({ lon, lat }) => ({ lon, lat, must: true })),
  ...[...state.crews.values()].filter((crew) => crew.state !== "off_duty" && typeof crew.lon === "number").map(({ lon, lat }) => ({ lon, lat })),
];

let stage = null;
const centre = () => {
  const at = stage?.map.getCenter().wrap();
  return at ? { lon: at.lng, lat: at.lat } : { lon: boot.center?.[0] ?? 0, lat: boot.center?.[1] ?? 0 };
};

connectionPanel(byId("connection"), byId("alarm"));
countsPanel(byId("counts"));
new QueuePanel(byId("queue"), { reload: loadAll, centre });
bringUnconfirmed(byId("queue"), { centre });
sidePanel(byId("side"));
keepInStep();
setUpDesk({ centre });
addOwnCommands();
new SearchBox(byId("search"), { centre });

// The map is drawn once and right, not first empty and then elsewhere; a slow server does not
// keep it waiting.
const loaded = loadAll();
const inTime = await Promise.race([loaded.then(() => true), new Promise((done) => setTimeout(() => done(false), PATIENCE_MS))]);

/** Everything that stands on the map; a window with the lists alone has none of it. */
function layOut({ map }) {
  new ClosureLayer(map);
  new RouteLayer(map);
  new IncidentLayer(map);
  new CrewLayer(map);
  new MarkingLayer(map);
  deskLayers(map);
  utilityLayers(map);
  findOn(map);

  // Right button, or a long press: a report becomes a pin right there.
  map.on("contextmenu", ({ latlng, originalEvent }) => {
    originalEvent?.preventDefault();
    if (state.marking) return; // one thing is marked at a time
    const at = latlng.wrap();
    pinAt({ lon: at.lng, lat: at.lat });
  });
}

if (hasMap) {
  stage = makeStage(byId("map"), { things });
  layOut(stage);
}

resumeReport();
loaded.then(openFromAddress);
document.addEventListener("signedout", () => setConnection({ signedOut: true }));

const ground = new GroundFollower(() => {
  text(byId("ground-name"), boot.ground_name ?? "");
  stage?.useGround();
});
let helloes = 0;

const line = new SharedStream({
  lastId: boot.head_id ?? null,
  handlers: {
    heard: (silentMs) => setConnection({ heardAt: now() - silentMs }),
    state: (phase, silentMs) => setConnection(phase === "lost" ? { phase, heardAt: now() - silentMs } : { phase }),
    hello: ({ ground_id }) => {
      // Signed in again elsewhere: this page's own forms belong to the session that ended.
      if (state.connection.signedOut) window.location.reload();
      ground.heard(ground_id);
      // Events resume where they broke off; positions meanwhile are not told again.
      if (helloes > 0) loadCrews();
      helloes += 1;
    },
    tick: ({ overdue_s, standby_lost_s }) => setConnection({ overdueS: overdue_s ?? 0, standbyLostS: standby_lost_s ?? 0 }),
    positions: movePositions,
    reach: setReach,
    change: (event) => {
      if (event.incident) putIncident(event.incident);
      if (event.crew) putCrew(event.crew);
      if (event.kind === "incident.left") lookAgain(event.data.incident_id);
      applyClosureEvent(event);
      if (event.kind === "ground.imported") ground.heard(event.data?.ground_id);
      if (event.kind === READING_BLOCKED) tellReadingBlocked(event.data);
      if (event.kind === UNREADABLE) tellUnreadable(event.id);
      emit("event", event);
    },
    reset: reload,
    lead: (lead) => emit("lead", lead),
  },
});
line.setAble(sounding() === "ready");
onSounding((sound) => line.setAble(sound === "ready"));

setInterval(() => emit("tick"), 1000);
setInterval(() => emit("slow"), 20000);
// Positions are sent when they change; crews that fell silent are only seen by asking.
setInterval(loadCrews, 60000);
if (!inTime) {
  await loaded;
  stage?.home();
}
setTimeout(() => (document.body.dataset.ready = "true")); // after what the store still tells
