// Commands of messages: write to the crews of an incident.
import { CommandError } from "../command_line/command_error.js";
import { addCommand } from "../command_line/registry.js";
import { newKey } from "../core/api.js";
import { _ } from "../core/i18n.js";
import { incidentTitle } from "../core/labels.js";
import { selectedIncident } from "../core/store.js";
import { noteToast } from "../widgets/toasts.js";
import { incidentOf, sendMessage, writeMessage } from "./desk_messages.js";

/** "418 words", or words alone for the chosen incident; nothing: go and write there. */
async function message(typed) {
  const [, number, rest] = /^#?(\d+)(?:\s+(.*))?$/su.exec(typed) ?? [];
  const named = number && incidentOf(number);
  const incident = named || selectedIncident();
  const words = (named ? rest ?? "" : typed).trim();
  if (!incident) throw new CommandError(_("Give the incident and the message, such as 418 wait for the police."));
  if (!words) {
    writeMessage();
    return;
  }
  await sendMessage(incident.id, { words, client_id: newKey() });
  noteToast(_("Message sent: %(incident)s", { incident: incidentTitle(incident) }));
}

addCommand({
  id: "messages.write",
  group: () => _("Incidents"),
  title: () => _("Write to the crews of an incident"),
  keys: ["g m"],
  words: ["message", "消息"],
  usage: () => _("number and words"),
  run: message,
});
