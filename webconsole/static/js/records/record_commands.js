// Commands of the record: add a note to the selected incident, open a replay.
import { CommandError } from "../command_line/command_error.js";
import { folded } from "../command_line/name_matching.js";
import { addCommand } from "../command_line/registry.js";
import { newKey } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { selectedIncident, state } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";
import { writeNote } from "./notes.js";

const MOST = 9;
const open = (path) => window.open(path, "_blank", "noopener");

/** What can be replayed by this name: the chosen one first, incidents by number, crews by name. */
function replayable(typed) {
  const wanted = folded(typed);
  const incidents = [...state.incidents.values()].filter(({ id }) => wanted && String(id).startsWith(wanted));
  const crews = [...state.crews.values()].filter(({ name }) => wanted && folded(name).includes(wanted));
  const found = [
    ...incidents.map((incident) => ({ label: incidentTitle(incident), detail: incident.address, path: `/replay/incident/${incident.id}` })),
    ...crews.map((crew) => ({ label: crew.name, detail: crew.station_name ?? "", path: `/replay/crew/${crew.id}` })),
  ];
  if (wanted) return found;
  const { kind, id } = state.selection;
  const chosen = selectedIncident();
  if (chosen) return [{ label: incidentTitle(chosen), detail: chosen.address, path: `/replay/incident/${chosen.id}` }];
  if (kind === "crew") return [{ label: state.crews.get(id)?.name ?? `#${id}`, detail: "", path: `/replay/crew/${id}` }];
  return [{ label: _("Replay of the board"), detail: "", path: "/replay" }];
}

async function note(words) {
  const incident = selectedIncident();
  if (!incident) throw new CommandError(_("Choose an incident first."));
  if (words) {
    await writeNote(incident.id, words, newKey());
    noteToast(_("Noted: %(incident)s", { incident: incidentTitle(incident) }));
    return;
  }
  const section = document.querySelector('#side [data-section="notes"]');
  const head = section?.querySelector(".fold-head");
  if (head?.getAttribute("aria-expanded") === "false") head.click();
  section?.querySelector("textarea")?.focus();
}

addCommand({
  id: "record.note",
  group: () => _("Incidents"),
  title: () => _("Write a note of the chosen incident"),
  keys: ["g n"],
  words: ["note", "备注"],
  usage: () => _("what is to be noted"),
  when: () => Boolean(selectedIncident()),
  run: note,
});

addCommand({
  id: "record.replay",
  needs: "replay.read",
  group: () => _("Incidents"),
  title: () => _("Replay the chosen incident or crew, or else the board"),
  keys: ["g r"],
  words: ["replay", "回放"],
  usage: () => _("number of an incident, or a crew"),
  run: (typed) => {
    const [first] = replayable(typed);
    if (!first) throw new CommandError(_("No incident and no crew is called “%(name)s”.", { name: typed }));
    open(first.path);
  },
  suggest: async (typed) => replayable(typed).slice(0, MOST).map(({ label, detail, path }) => ({ label, detail, run: () => open(path) })),
});
