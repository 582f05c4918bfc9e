// The crew's own line: by when somebody is to be there, and how much of that is left.
import { el, text } from "../core/dom.js";
import { clock as clockTime } from "../core/format.js";
import { _ } from "../core/i18n.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { arrivalClock, clockLook } from "./pledge_clock.js";

const NOT_THERE_YET = ["offered", "accepted", "en_route"];
const shown = ({ state, incident }) => (NOT_THERE_YET.includes(state) ? arrivalClock(incident) : null);
let line = null;

function draw() {
  const { clock, node } = line;
  const { look, sign, words } = clockLook(clock);
  node.dataset.look = look;
  const by = _("To be there by %(time)s", { time: clockTime(clock.due_at, { seconds: false }) });
  text(node, `${sign} ${by} · ${words}`);
}

addCrewPart({
  id: "pledge",
  order: 10,
  lines: (order) => {
    const clock = shown(order);
    if (!clock) return [];
    line = { clock, node: el("p.pledge-told") };
    draw();
    return [line.node];
  },
  look: (order) => shown(order)?.due_at ?? "",
  tick: () => line?.node.isConnected && draw(),
});
