// English phrases of manoeuvres: the twin of routing/guidance/phrases_en.py, both held to the same sentences.
import { compassPoint, rounded } from "./spoken_numbers.js";

const COMPASS = ["north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest"];
const TURNS = {
  straight: "go straight on",
  slight_right: "bear right",
  right: "turn right",
  sharp_right: "turn sharp right",
  u_turn: "make a U-turn",
  sharp_left: "turn sharp left",
  left: "turn left",
  slight_left: "bear left",
};
const KEEP = { straight: "keep to the middle", slight_right: "keep right", slight_left: "keep left" };
const RAMP = { straight: "go straight on up the ramp", slight_right: "take the ramp on the right", slight_left: "take the ramp on the left" };
const SIDE = { left: "your destination is on the left", right: "your destination is on the right" };

const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const joined = (by, { street_name: name, stays_on: stays }) => (name ? `${stays ? " to stay on " : by}${name}` : "");
const walk = ({ walk_m: metres }) => `walk ${distance(metres)}`;

function ordinal(number) {
  const teens = number % 100 > 10 && number % 100 < 14;
  return `${number}${teens ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th")}`;
}

function distance(metres) {
  const { text, kilometres } = rounded(metres);
  return `${text} ${kilometres ? "km" : "m"}`;
}

const DO = {
  depart: ({ bearing_deg: bearing, street_name: name }) => `head ${COMPASS[compassPoint(bearing)]}${name ? ` on ${name}` : ""}`,
  turn: (one) => TURNS[one.direction] + joined(" into ", one),
  keep: (one) => (KEEP[one.direction] ?? "keep straight on") + joined(" onto ", one),
  continue: ({ street_name: name }) => `continue onto ${name}`,
  ramp: ({ direction, street_name: name }) => (RAMP[direction] ?? `${TURNS[direction]} onto the ramp`) + (name ? ` to ${name}` : ""),
  merge: ({ street_name: name }) => (name ? `merge onto ${name}` : "merge with the traffic"),
  roundabout: (one) => (one.exit_number === null ? "enter the roundabout" : `at the roundabout take the ${ordinal(one.exit_number)} exit${joined(" into ", one)}`),
  exit_roundabout: (one) => `leave the roundabout${joined(" into ", one)}`,
  arrive(one) {
    const side = SIDE[one.direction];
    const arrived = one.walk_m ? `stop here, then ${walk(one)}` : "you have arrived";
    return side ? `${arrived}; ${side}` : arrived;
  },
};
const act = (one) => DO[one.kind](one);
const reach = ({ direction }) => SIDE[direction] ?? "you reach your destination";

function begin({ kind, bearing_deg: bearing, followed_name: road, on_ramp: ramp, distance_m: metres }) {
  const far = distance(metres);
  if (kind === "depart") return `Head ${COMPASS[compassPoint(bearing)]}${road ? ` on ${road}` : ""} for ${far}`;
  if (road) return `Follow ${road} for ${far}`;
  return ramp ? `Follow the ramp for ${far}` : `Continue for ${far}`;
}

export const english = {
  instruction: (one) => capital(act(one)),
  step(here, there) {
    const first = begin(here);
    if (there.kind !== "arrive") return `${first}, then ${act(there)}`;
    const side = SIDE[there.direction];
    if (there.walk_m) return `${first}, then ${walk(there)}${side ? `; ${side}` : ""}`;
    return side ? `${first}; ${side}` : `${first} to your destination`;
  },
  announcement: (one, aheadM) => `In ${distance(aheadM)}, ${one.kind === "arrive" ? reach(one) : act(one)}`,
  immediately: (one, following) => `${capital(act(one))}, then ${following.kind === "arrive" ? reach(following) : act(following)}`,
};
