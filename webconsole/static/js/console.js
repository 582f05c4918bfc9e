// The dispatcher's console: puts the parts together and feeds the store.
import { boot } from "./boot.js";
import { now } from "./clock.js";
import { text } from "./dom.js";
import { loadMessages } from "./i18n.js";
import { loadAll, loadCrews } from "./loading.js";
import { CrewLayer } from "./map/crews.js";
import { IncidentLayer } from "./map/incidents.js";
import { RouteLayer } from "./map/routes.js";
import { makeStage } from "./map/stage.js";
import { connectionPanel } from "./panels/connection.js";
import { countsPanel } from "./panels/counts.js";
import { QueuePanel } from "./panels/queue.js";
import { sidePanel } from "./panels/side.js";
import { movePositions, putCrew, putIncident, select, setConnection, setDraft, state, tell } from "./store.js";
import { Stream } from "./stream.js";

const byId = (id) => document.getElementById(id);

await loadMessages();
state.radiusM = boot.default_radius_m ?? 5000;
text(byId("ground-name"), boot.ground_name ?? "");

const { map, home } = makeStage(byId("map"));
new RouteLayer(map);
new IncidentLayer(map);
new CrewLayer(map);
connectionPanel(byId("connection"), byId("alarm"));
countsPanel(byId("counts"));
new QueuePanel(byId("queue"), {
  reload: loadAll,
  centre: () => {
    const { lng, lat } = map.getCenter();
    return { lon: lng, lat };
  },
});
sidePanel(byId("side"));

// Right button, or a long press: a report becomes a pin right there.
map.on("contextmenu", ({ latlng, originalEvent }) => {
  originalEvent?.preventDefault();
  const at = latlng.wrap();
  setDraft({ lon: at.lng, lat: at.lat });
  select("pin");
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const { kind, id } = state.selection;
  if (kind === "edit") select("incident", id);
  else if (kind) select(null);
});

document.addEventListener("signedout", () => setConnection({ signedOut: true }));

let groundId = boot.ground_id;
let helloes = 0;

new Stream({
  lastId: boot.head_id ?? null,
  handlers: {
    heard: () => setConnection({ heardAt: now() }),
    state: (phase) => setConnection({ phase }),
    hello: ({ ground_id }) => {
      // Another city was imported: the base map and its bounds are part of the page.
      if (ground_id !== undefined && ground_id !== null && groundId !== null && ground_id !== groundId) location.reload();
      groundId = ground_id ?? groundId;
      // Events resume where they broke off; positions meanwhile are not told again.
      if (helloes > 0) loadCrews();
      helloes += 1;
    },
    positions: movePositions,
    change: (event) => {
      if (event.incident) putIncident(event.incident);
      if (event.crew) putCrew(event.crew);
      tell("event", event);
    },
    reset: () => loadAll(),
  },
});

setInterval(() => tell("tick"), 1000);
setInterval(() => tell("slow"), 20000);
// Positions are sent when they change; crews that fell silent are only seen by asking.
setInterval(loadCrews, 60000);
await loadAll();
home([...state.crews.values(), ...state.incidents.values()].filter((thing) => typeof thing.lon === "number").map(({ lon, lat }) => [lat, lon]));
