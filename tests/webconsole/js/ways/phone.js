// Answers as a crew's phone would that keeps some roads: reads {asks, nowMs, lifted} from stdin, the file of
// the roads is its argument. Writes one path for each ask, as edges with shares and times, and its guidance.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { KeptRoads } from "../../../../webconsole/static/js/ways/kept_roads.js";
import { unpack } from "../../../../webconsole/static/js/ways/road_kit.js";

const whole = gunzipSync(readFileSync(process.argv[2]));
const began = performance.now();
const kit = unpack(whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length));
const roads = new KeptRoads(kit);
const unpackedMs = performance.now() - began;
const { asks, nowMs, lifted = [], guidance = null } = JSON.parse(readFileSync(0));
for (const id of lifted) roads.lift(id);
const answers = asks.map((ask) => {
  const asked = performance.now();
  const path = roads.path({ ...ask, nowMs });
  const tookMs = performance.now() - asked;
  if (!path) return { edges: null, took_ms: tookMs };
  const { edges, timesMs, totalMs, start, goal } = path;
  const way = guidance && roads.way({ ...ask, nowMs, language: guidance }).properties;
  return { edges, times_ms: timesMs, total_ms: totalMs, begin: start.share, end: goal.share, took_ms: tookMs, way };
});
process.stdout.write(JSON.stringify({ unpacked_ms: unpackedMs, answers }));
