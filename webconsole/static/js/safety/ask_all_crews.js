// All crews report, with one click: of an incident, or of all on duty.
import { addCommand } from "../command_line/registry.js";
import { _ } from "../core/i18n.js";
import { liveAssignments, state } from "../core/store.js";
import { addDecision } from "../incidents/decision_registry.js";
import { askAllCrews } from "./safety_board.js";

const isThere = (order) => order.rank === 0 && order.state !== "offered";
const onDuty = () => [...state.crews.values()].some((crew) => crew.duty !== "off_duty");

addDecision({
  id: "roll-call",
  needs: "assignment.send",
  order: 90,
  label: () => _("Crews report"),
  when: (incident) => liveAssignments(incident).some(isThere),
  act: (incident) => askAllCrews(incident),
});

addCommand({
  id: "safety.all-report",
  needs: "assignment.send",
  title: () => _("All crews on duty report"),
  words: ["par", "全员报平安"],
  when: onDuty,
  run: () => askAllCrews(),
});
