// Works out ways beside the page, on the roads that the phone keeps: neither unpacking nor searching may hold
// up a tap. Told {roads}, {lifted} or {ask, id}; answers {id, way} and says {ready} or {ready: false}.
import { KeptRoads } from "./kept_roads.js";
import { unpack } from "./road_kit.js";

let roads = null;

function take(buffer) {
  const kit = unpack(buffer);
  roads = kit && new KeptRoads(kit);
  postMessage({ ready: Boolean(kit), version: kit?.version ?? null });
}

onmessage = ({ data }) => {
  if (data.roads) take(data.roads);
  else if (data.lifted) roads?.lift(data.lifted);
  else if (data.ask) postMessage({ id: data.id, way: roads?.way(data.ask) ?? null });
};
