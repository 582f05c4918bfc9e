// A crew's messages that the server does not have yet, as the conversation shows them.
import { _ } from "../core/i18n.js";
import { outbox } from "../outbox/outbox.js";

const SHOWN = 60; // of the words, in the outbox

/** Write to the desk, now or when there is signal. */
export function sendMessage(incidentId, words) {
  const short = words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words;
  return outbox.put({
    kind: "message",
    path: `/incidents/${incidentId}/messages`,
    body: { words },
    clock: "written_at",
    about: { incidentId },
    says: _("Message “%(words)s”", { words: short }),
  });
}

/** Those of one incident that wait. */
export const messagesWaiting = (incidentId) =>
  outbox
    .pending("message")
    .filter(({ about }) => about.incidentId === incidentId)
    .map(({ clientId, body, at }) => ({ client_id: clientId, side: "crew", words: body.words, written_at: at, waiting: true, read_by: [] }));
