// Commands of the queue and the candidates: next, previous, choose, send, undo.
import { boot } from "../core/boot.js";
import { _ } from "../core/i18n.js";
import { select, state } from "../core/store.js";
import { pinInTheMiddle } from "../incidents/pinning.js";
import { isLater } from "../outcomes/outcome_labels.js";
import { undoLast } from "../widgets/undo.js";
import { CommandError } from "./command_error.js";
import { addCommand } from "./registry.js";

const CANDIDATES = 9;
const incidents = () => _("Incidents");

/** The queue as it stands on the screen: its filters and groups hold for the keys too. */
const rows = () => [...document.querySelectorAll("#queue .incident-row")].filter((row) => !row.closest("[hidden]"));
const idOf = (row) => Number(row.dataset.incidentId);

function go(row) {
  if (!row) return;
  select("incident", idOf(row));
  row.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  if (!all.length) throw new CommandError(_("The queue is empty."));
  const chosen = state.selection.kind === "incident" ? state.selection.id : null;
  const at = all.findIndex((row) => idOf(row) === chosen);
  go(at < 0 ? all[by > 0 ? 0 : all.length - 1] : all[Math.min(all.length - 1, Math.max(0, at + by))]);
}

function nextUnassigned() {
  const waiting = rows().filter((row) => {
    const incident = state.incidents.get(idOf(row));
    return incident?.state === "open" && !isLater(incident);
  });
  if (!waiting.length) throw new CommandError(_("No incident waits for a crew."));
  const at = waiting.findIndex((row) => idOf(row) === state.selection.id);
  go(waiting[(at + 1) % waiting.length]);
}

/** A number only chooses: what sends is Enter on the button that then has the focus. */
function chooseCandidate(number) {
  const all = [...document.querySelectorAll("#side .candidate")].filter((row) => !row.closest("[hidden]"));
  const button = all[number - 1]?.querySelector("button.first:not([hidden])");
  if (!button) throw new CommandError(_("There is no candidate %(n)s here.", { n: number }));
  button.focus({ focusVisible: true });
  button.scrollIntoView({ block: "nearest" });
}

/** What stands in the list's place while somebody is coming. */
const anotherButton = () => [...document.querySelectorAll("#side button.another")].find((button) => button.offsetParent) ?? null;

function back() {
  const { kind, id } = state.selection;
  if (kind === "edit") select("incident", id);
  else if (kind === "closing") select("closures");
  else if (kind === "zone") select("zones");
  else if (kind) select(null);
}

/** `centre()` is where the map is looked at: {lon, lat}. */
export function addDeskCommands({ centre }) {
  addCommand({ id: "incident.next", group: incidents, title: () => _("Next incident in the queue"), keys: ["j"], repeats: true, run: () => step(1) });
  addCommand({ id: "incident.previous", group: incidents, title: () => _("Previous incident"), keys: ["k"], repeats: true, run: () => step(-1) });
  addCommand({ id: "incident.unassigned", group: incidents, title: () => _("Next incident that waits for a crew"), keys: ["n"], words: ["next", "下一个"], run: nextUnassigned });
  addCommand({
    id: "incident.pin", needs: "incident.write", group: incidents, title: () => _("Report an incident at the middle of the map"), keys: ["p"], words: ["report", "报修"],
    when: () => !state.marking && boot.ground_id !== null, run: () => pinInTheMiddle(centre),
  });
  addCommand({
    id: "candidate.open", needs: "assignment.send", group: incidents, title: () => _("Send another crew, or replace one"), keys: ["r"],
    when: () => state.selection.kind === "incident" && anotherButton() !== null, run: () => anotherButton().click(),
  });
  addCommand({ id: "candidate.choose", needs: "assignment.send", group: incidents, title: () => _("Choose a candidate by its place in the list; Enter sends"), keys: ["1–9"], run: () => {} });
  for (let number = 1; number <= CANDIDATES; number += 1) {
    addCommand({ id: `candidate.${number}`, title: () => _("Candidate %(n)s", { n: number }), keys: [String(number)], hidden: true, when: () => state.selection.kind === "incident", run: () => chooseCandidate(number) });
  }
  addCommand({ id: "desk.undo", group: incidents, title: () => _("Undo the last step"), keys: ["u", "Ctrl+z"], words: ["undo", "撤销"], run: undoLast });
  addCommand({ id: "desk.back", group: incidents, title: () => _("Back; close what is open"), keys: ["Escape"], when: () => state.selection.kind !== null, run: back });
}
