// Chinese phrases of manoeuvres: the twin of routing/guidance/phrases_zh.py, both held to the same sentences.
import { compassPoint, rounded } from "./spoken_numbers.js";

const LAST_LATIN = "\u2e7f"; // Chinese characters and punctuation come after it
const COMPASS = ["北", "东北", "东", "东南", "南", "西南", "西", "西北"];
const TURNS = {
  straight: "直行",
  slight_right: "向右前方行驶",
  right: "右转",
  sharp_right: "向右后方转弯",
  u_turn: "掉头",
  sharp_left: "向左后方转弯",
  left: "左转",
  slight_left: "向左前方行驶",
};
const KEEP = { straight: "沿中间道路行驶", slight_right: "靠右行驶", slight_left: "靠左行驶" };
const RAMP = { straight: "直行驶入匝道", slight_right: "从右侧驶入匝道", slight_left: "从左侧驶入匝道" };
const SIDE = { left: "目的地在道路左侧", right: "目的地在道路右侧" };

/** A name to follow Chinese text, and one within it: with spaces beside Latin letters. */
const after = (name) => (name[0] <= LAST_LATIN ? ` ${name}` : name);
const within = (name) => (name.at(-1) <= LAST_LATIN ? `${after(name)} ` : after(name));

/** An action and the street it leads into; with a pause after a long one. */
function into(what, { street_name: name, stays_on: stays, direction }) {
  if (!name) return what;
  if (stays) return direction === "u_turn" ? what : `${what}，继续沿${within(name)}行驶`;
  return `${what}${what.length > 2 ? "，" : ""}进入${after(name)}`;
}

function distance(metres) {
  const { text, kilometres } = rounded(metres);
  return `${text} ${kilometres ? "公里" : "米"}`;
}

const DO = {
  depart: ({ bearing_deg: bearing, street_name: name }) => `${name ? `沿${within(name)}` : ""}向${COMPASS[compassPoint(bearing)]}出发`,
  turn: (one) => into(TURNS[one.direction], one),
  keep: (one) => into(KEEP[one.direction] ?? "直行", one),
  continue: (one) => into("继续前行", one),
  ramp: ({ direction, street_name: name }) => (RAMP[direction] ?? `${TURNS[direction]}驶入匝道`) + (name ? `，前往${after(name)}` : ""),
  merge: ({ street_name: name }) => `汇入${after(name || "主路")}`,
  roundabout: (one) => (one.exit_number === null ? "进入环岛" : into(`进入环岛，从第 ${one.exit_number} 个出口驶出`, one)),
  exit_roundabout: (one) => into("驶出环岛", one),
  arrive(one) {
    const arrived = one.walk_m ? `到达停车点，再步行 ${distance(one.walk_m)}` : "到达目的地";
    const side = SIDE[one.direction];
    return side ? `${arrived}，${side}` : arrived;
  },
};
const act = (one) => DO[one.kind](one);

export const chinese = {
  instruction: act,
  step(here, there) {
    const road = here.followed_name || (here.on_ramp ? "匝道" : "");
    const begin = `${road ? `沿${within(road)}` : ""}行驶 ${distance(here.distance_m)}`;
    return `${here.kind === "depart" ? `向${COMPASS[compassPoint(here.bearing_deg)]}` : ""}${begin}，${act(there)}`;
  },
  announcement: (one, aheadM) => `${distance(aheadM)}后，${act(one)}`,
  immediately: (one, following) => `${act(one)}，随后${act(following)}`,
};
