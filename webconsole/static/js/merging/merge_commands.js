// What starts a merge: the panel's button, the key for the chosen incident, and "/merge 418 → 420".
import { CommandError } from "../command_line/command_error.js";
import { addCommand } from "../command_line/registry.js";
import { _ } from "../core/i18n.js";
import { select, selectedIncident, state } from "../core/store.js";
import { addDecision } from "../incidents/decision_registry.js";
import { isMerged } from "./following.js";
import { askToMerge } from "./merge_dialog.js";
import { unmerge } from "./merges.js";

const ENDED = ["closed", "cancelled", "merged"];
const canMerge = () => {
  const incident = selectedIncident();
  return Boolean(incident) && state.selection.kind === "incident" && !ENDED.includes(incident.state);
};

function run(typed = "") {
  const [one, into] = [...typed.matchAll(/\d+/g)].map(([number]) => Number(number));
  const incident = into ? state.incidents.get(one) : selectedIncident();
  const target = into ?? one ?? null;
  if (!incident || ENDED.includes(incident.state)) throw new CommandError(_("Give the two incidents, such as 418 → 420."));
  askToMerge(incident, target);
}

addDecision({ id: "merge", needs: "incident.write", order: 60, label: () => _("Merge…"), act: (incident) => askToMerge(incident) });
addDecision({ id: "merged-into", order: 1, label: ({ merged_into: id }) => _("Go to #%(id)s", { id }), when: isMerged, act: ({ merged_into: id }) => select("incident", id) });
addDecision({ id: "unmerge", needs: "incident.write", order: 2, label: () => _("Take out"), when: isMerged, act: (incident) => unmerge(incident) });
addCommand({
  id: "desk.merge",
  needs: "incident.write",
  group: () => _("Incidents"),
  title: () => _("Merge a duplicate into another incident"),
  keys: ["Shift+D"],
  words: ["merge", "合并"],
  usage: () => _("incident → incident"),
  when: canMerge,
  run,
});
