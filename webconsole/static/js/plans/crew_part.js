// On the crew's page: what its part is where several crews work together, and who else comes.
import { el } from "../core/dom.js";
import { _ } from "../core/i18n.js";
import { assignmentState } from "../core/labels.js";
import { addCrewPart } from "../phone/crew_parts.js";
import { partLine, roleLabel } from "./plan_labels.js";

const others = ({ id, incident }) => incident.assignments.filter((each) => each.id !== id && !each.ended_at);

addCrewPart({
  id: "plan",
  order: 20,
  lines: (order) => {
    const part = partLine(order, order.incident);
    const with_ = others(order);
    if (!part && !with_.length) return [];
    return [
      part ? el("p.part", {}, _("Your part"), " ", el("b", {}, part)) : null,
      with_.length ? el("ul.with", { "aria-label": _("Who else comes") }, with_.map((each) =>
        el("li", {}, el("b", {}, each.crew_name), ` · ${roleLabel(each.role)} · ${assignmentState(each.state)}`))) : null,
    ].filter(Boolean);
  },
  look: (order) => [order.role, order.task, ...others(order).map(({ id, role, state }) => `${id}${role}${state}`)].join(),
});
