// Map layers of the desk's own tools.
import { FollowLayer } from "../crews/follow_layer.js";
import { DangerLayer } from "../merging/danger_layer.js";
import { MeasureLayer } from "../map/tools/measure.js";
import { ProposalLayer } from "../proposals/proposal_layer.js";
import { SafetyLayer } from "../safety/safety_layer.js";
import { RadiusLayer } from "../sending/radius_layer.js";

export function deskLayers(map) {
  new RadiusLayer(map);
  new DangerLayer(map);
  new FollowLayer(map);
  new ProposalLayer(map);
  new MeasureLayer(map);
  new SafetyLayer(map);
}
