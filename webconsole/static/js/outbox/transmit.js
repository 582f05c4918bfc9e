// Sends one action of the outbox to the server.
import { ApiError, call } from "../core/api.js";
import { _ } from "../core/i18n.js";

const FILE_PATIENCE_MS = 120000;

/** The action's body as it is sent: its name, and when it happened. */
export const bodyOf = ({ body, clientId, clock, at }) => ({ ...body, client_id: clientId, ...(clock ? { [clock]: at } : {}) });

function formOf(action, blob) {
  const form = new FormData();
  for (const [name, value] of Object.entries(bodyOf(action))) {
    if (value === null || value === undefined || value === "") continue;
    form.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  form.append(action.field, blob, blob.name ?? action.field);
  return form;
}

/**
 * Send it, and return the server's answer.
 *
 * Throws ApiError: `later` where it may well be taken another time.
 */
export async function transmit(action, blob) {
  if (!action.field) return call(action.method, action.path, bodyOf(action));
  if (!blob) throw new ApiError(_("The file is no longer on this phone."), { status: 410, code: "file_lost" });
  return call(action.method, action.path, formOf(action, blob), { timeoutMs: FILE_PATIENCE_MS });
}
