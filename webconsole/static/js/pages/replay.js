// The replay page of an incident, a crew or the board.
import { ApiError, get } from "../core/api.js";
import { boot } from "../core/boot.js";
import { el, fill, text } from "../core/dom.js";
import { clock, duration } from "../core/format.js";
import { _, loadMessages } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { makeStage } from "../map/stage/stage.js";
import { DecisionPanel } from "../replay/decision_panel.js";
import { offerExports } from "../replay/export_links.js";
import { Past } from "../replay/past.js";
import { periodForm } from "../replay/period_form.js";
import { Player } from "../replay/player.js";
import { Transport } from "../replay/player_controls.js";
import { Scene } from "../replay/replay_map.js";
import { Story } from "../replay/story.js";
import { traceForm } from "../replay/trace_file.js";
import "../widgets/whole_words.js";

const PATIENCE_MS = 40000;
const LINK_MS = 500;
const LONGEST_S = 86400;
const byId = (id) => document.getElementById(id);
const [kind, number] = boot.replay;
const path = { incident: `/replay/incidents/${number}`, crew: `/replay/crews/${number}`, board: "/replay" }[kind];

await loadMessages();
const side = byId("replay-side");
const asked = new URLSearchParams(location.search);
const period = new URLSearchParams([...asked].filter(([name]) => ["from", "to"].includes(name)));

function title(past, rule) {
  if (rule) return _("Simulated: %(rule)s", { rule });
  const { about, incidents, crews } = past.told;
  if (about.kind === "incident") return _("Replay: %(what)s", { what: incidentTitle(incidents[0]) });
  if (about.kind === "crew") return _("Replay: %(what)s", { what: crews[0].name });
  return _("Replay of the board");
}

/** Of how much the tracks are drawn: nobody should take a thinned line for every fix. */
function thinning({ crews, thinning: left }) {
  const fixes = crews.reduce((sum, crew) => sum + crew.track.fixes, 0);
  const points = crews.reduce((sum, crew) => sum + crew.track.points, 0);
  if (!fixes) return _("No positions were reported in this period.");
  const words = _("Tracks: %(points)s of %(fixes)s fixes shown, true to %(metres)s m", { points, fixes, metres: left.tolerance_m });
  return left.every_s ? [words, _("one fix in %(seconds)s s", { seconds: left.every_s })].join("; ") : words;
}

function offerFiles({ told: { from, to } }) {
  const area = { incident: "incidents", crew: "crews" }[kind];
  if (area) offerExports(byId("replay-exports"), `/exports/${area}/${number}`, new URLSearchParams({ from, to }));
}

/** Every place that matters in the period, so that the first view shows it. */
function things(past) {
  const incidents = [...past.incidents.values()].map(({ lon, lat }) => ({ lon, lat, must: kind === "incident" }));
  const driven = [...past.crews.values()].flatMap((crew) => crew.segments.flatMap(({ points }) => points.map(([lon, lat]) => ({ lon, lat }))));
  const step = Math.ceil(driven.length / 500);
  // Who else could have come belongs to the story of an incident, not to that of a crew's shift.
  const choices = kind === "incident" ? past.decisions.flatMap(({ candidates }) => candidates.filter(({ verdict, lon }) => verdict !== "excluded" && typeof lon === "number")) : [];
  return [...incidents, ...choices.map(({ lon, lat }) => ({ lon, lat })), ...driven.filter((point, index) => index % step === 0)];
}

/** Play what is told; `rule` names the rule of a simulation, so that nobody takes it for the past. */
function begin(told, rule = null) {
  const past = new Past(told);
  text(byId("replay-title"), title(past, rule));
  document.title = `${title(past, rule)} · Nearcrew`;
  const { map } = makeStage(byId("map"), { things: () => things(past) });
  const scene = new Scene(map, past);
  const player = new Player({ lengthS: past.lengthS, stops: past.stops, changed: (now) => show(now) });
  const story = new Story(past, player);
  const decision = new DecisionPanel(past);
  const transport = new Transport(byId("transport"), past, player);
  fill(side, story.now, decision.node, story.photos, story.events, el("p.why.thinning", {}, rule ? _("Nothing of this happened: crews drive the fastest road at an even speed.") : thinning(told)));
  // An incident that lasted longer than may be shown at once is asked for in parts.
  const whole = rule || (kind === "incident" && past.lengthS < LONGEST_S);
  fill(byId("replay-period"), whole ? `${clock(told.from)} – ${clock(told.to)} (${duration(past.lengthS)})` : periodForm(told));
  offerFiles(past);

  let linkedMs = 0;
  function show(now) {
    scene.show(now.atS, now);
    story.show(now.atS);
    decision.show(now.atS);
    transport.show(now);
    // The address says which instant is shown; browsers allow only so many such changes a minute.
    if (now.playing && performance.now() - linkedMs < 10 * LINK_MS) return;
    linkedMs = performance.now();
    history.replaceState(null, "", `${location.pathname}${location.search}#t=${past.iso(now.atS).replace(".000", "")}`);
  }

  const wanted = () => Date.parse(decodeURIComponent(location.hash.match(/^#t=(.+)$/)?.[1] ?? ""));
  const linked = wanted();
  player.seek(Number.isNaN(linked) ? past.stops[1] ?? 0 : (linked - past.fromMs) / 1000);
  window.addEventListener("hashchange", () => !Number.isNaN(wanted()) && player.seek((wanted() - past.fromMs) / 1000));
  document.body.dataset.ready = "true";
}

async function playPast() {
  fill(side, el("p.why", { role: "status" }, _("Loading…")));
  try {
    begin(await get(`${path}${period.size ? `?${period}` : ""}`, { timeoutMs: PATIENCE_MS }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    fill(side, el("p.form-error", { role: "alert" }, error.whole),
      error.later ? el("button.secondary", { type: "button", onclick: () => location.reload() }, _("Try again")) : null);
    if (kind !== "incident") fill(byId("replay-period"), periodForm(null));
  }
}

/** Ask for a file. Another one is opened on the page loaded anew: a map is made once. */
function playFile() {
  text(byId("replay-title"), _("Replay of a simulation"));
  fill(side, traceForm(({ replay, rule }) => {
    begin(replay, rule);
    byId("replay-exports").append(el("button.secondary.small", { type: "button", onclick: () => location.assign(location.pathname) }, _("Open another")));
  }));
  document.body.dataset.asking = "true";
}

if (kind === "file") playFile();
else await playPast();
