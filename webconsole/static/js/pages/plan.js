// The planners' page: standby points on the map, whom they reach, scenarios and studies.
import { ApiError, get, post } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill } from "../core/dom.js";
import { _, loadMessages } from "../core/i18n.js";
import { makeStage } from "../map/stage/stage.js";
import { ConditionsForm } from "../planning/conditions_form.js";
import { CoverPanel } from "../planning/cover_panel.js";
import { latestWins } from "../planning/latest_wins.js";
import { Plan } from "../planning/plan_state.js";
import { PointLayer } from "../planning/point_layer.js";
import { PointsList } from "../planning/points_list.js";
import { unpackBits } from "../planning/reached_bits.js";
import { ReachLayer } from "../planning/reach_layer.js";
import { ScenarioPanel } from "../planning/scenario_panel.js";
import { StudyPanel } from "../planning/study_panel.js";
import "../widgets/whole_words.js";

const PATIENCE_MS = 30_000;
const TRY_AGAIN_MS = 5000;
const byId = (id) => document.getElementById(id);

await loadMessages();
const plan = new Plan({ minutes: boot.planning.usual_minutes, profile: "normal", hour_of_week: null, demand: "road" });
const { map, home } = makeStage(byId("map"), { things: () => plan.posts.map(({ lon, lat }) => ({ lon, lat, must: true })) });
const reach = new ReachLayer(map);
let latest = null; // {answer, conditions, empty}: what was answered last, and of which question
let kept = null; // the variant that others are compared with
let places = null; // the street points, once they are needed
let again = 0;
let answers = 0; // how many were shown

const layer = new PointLayer(map, plan, { chosen: (id) => points.show(id) });
const cover = new CoverPanel({ keep, drop });
const conditions = new ConditionsForm(plan);
const points = new PointsList(plan, { centre, point });
const scenarios = new ScenarioPanel(plan, { opened });
const studies = new StudyPanel({ kept: () => scenarios.kept() });
fill(byId("plan-side"), cover.node, conditions.node, points.node, scenarios.node, studies.node);

const ask = latestWins((what) => post("/planning/cover", what, { timeoutMs: PATIENCE_MS }), {
  answered: (answer, { posts, conditions: asked }) => {
    latest = { answer, conditions: asked, empty: !posts.length };
    cover.sayFailed("");
    show();
  },
  failed: (error) => {
    if (!(error instanceof ApiError)) throw error;
    cover.sayFailed(error.whole);
    clearTimeout(again);
    if (error.later) again = setTimeout(look, TRY_AGAIN_MS);
  },
  slow: (is) => cover.saySlow(is),
});

function look() {
  clearTimeout(again);
  ask(plan.told());
}

function show() {
  const { answer, conditions: asked, empty } = latest;
  reach.show(answer.reach);
  cover.draw(empty ? null : answer, asked, kept);
  conditions.sayHours(answer.hour_used);
  layer.showOffRoad(answer.off_road);
  compare();
  document.body.dataset.answered = String((answers += 1));
}

function centre() {
  const { lng: lon, lat } = map.getCenter();
  return { lon, lat };
}

function point(id) {
  const found = plan.posts.find((each) => each.id === id);
  map.panTo([found.lat, found.lon]);
  layer.focus(found);
}

function keep() {
  kept = { ...latest, name: plan.scenario?.name ?? _("Unnamed plan") };
  reach.keep(kept.answer.reach);
  show();
}

function drop() {
  kept = null;
  reach.keep(null);
  show();
}

/** Street points that only one of the two reaches; of another ground there is nothing to compare. */
async function compare() {
  if (!kept || !latest) {
    reach.compare(null);
    return;
  }
  const ground = latest.answer.ground_id;
  if (places?.ground_id !== ground) places = await get("/planning/street-points").catch(() => null);
  if (!kept || places?.ground_id !== kept.answer.ground_id) {
    reach.compare(null);
    return;
  }
  const [before, after] = [kept, latest].map(({ answer }) => unpackBits(answer.reached, places.points.length));
  reach.compare(places.points, before, after);
}

/** The address names the open scenario, so that a reload or a colleague finds it. */
function opened(scenario) {
  const address = new URL(location.href);
  if (scenario) address.searchParams.set("scenario", scenario.id);
  else address.searchParams.delete("scenario");
  history.replaceState(null, "", address);
}

plan.on((what) => what !== "names" && look());
window.addEventListener("beforeunload", (event) => {
  if (plan.changed && plan.posts.length) event.preventDefault();
});
const wanted = Number(new URLSearchParams(location.search).get("scenario"));
await scenarios.load();
if (wanted) {
  scenarios.openById(wanted);
  if (plan.posts.some(({ lon, lat }) => !map.getBounds().contains([lat, lon]))) home();
}
look();
studies.watch();
if (!boot.bounds) fill(byId("plan-said"), el("p.alarm", {}, _("No road network has been imported yet: nothing can be reached. An administrator imports a city with nearcrew import-osm.")));
document.body.dataset.ready = "true";
